import Base
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct CacheTests {
  private static func policy(
    _ yaml: String = "{}", _ retained: RetainedState = RetainedState()
  ) -> CachePolicy {
    let (policy, report) = PolicyBench.make(CachePolicy.self, yaml, retained: retained)
    #expect(report == "")
    return policy
  }

  @Test(arguments: [
    "{ size: 1KiB }", "{ size: 16MiB, response: 2MiB }", "{ fields: [cookie] }",
    "{ pass: [authorization] }", "{ fields: ['a b'] }", "{ default-ttl: soon }", "{ x: 1 }",
    "{ pass: [host] }", "{ fields: [range] }",
  ])
  func `Wrong settings are reported`(yaml: String) {
    #expect(PolicyBench.make(CachePolicy.self, yaml).report != "")
  }

  @Test func `A reload keeps what is kept, unless it changes what decides about it`() {
    let retained = RetainedState()
    let first = Self.policy("{ size: 2MiB }", retained)
    #expect(Self.policy("{ size: 2MiB }", retained).cache === first.cache)
    #expect(Self.policy("{ size: 4MiB }", retained).cache !== first.cache)
    #expect(Self.policy("{ size: 2MiB, query: [a] }", retained).cache !== first.cache)
  }

  @Test func `A small cache keeps small responses`() {
    #expect(Self.policy("{ size: 1MiB }").rules.contentBytesMax == 64 * 1024)
    #expect(Self.policy().rules.contentBytesMax == 1024 * 1024)
    #expect(Self.policy().rules.fields == [Array("accept".utf8)])
  }

  // MARK: Directives

  private static func control(_ lines: String...) -> CacheControl {
    var fields = Fields()
    for line in lines { fields.append(name: "cache-control".utf8.span, value: line.utf8.span) }
    return CacheControl(of: fields)
  }

  @Test func `Directives are read in whatever case, quoted or not, from all lines`() {
    #expect(Self.control("max-age=60").maxAge == 60)
    #expect(Self.control("MAX-AGE = 60").maxAge == 0)
    #expect(Self.control("Max-Age=\"60\", S-MaxAge=5").sharedMaxAge == 5)
    #expect(Self.control("no-store", "public").flags == [.noStore, .isPublic])
    #expect(Self.control("private=\"set-cookie, x\", no-cache").flags == [.isPrivate, .noCache])
    #expect(Self.control("x=\"a, no-store\", public").flags == [.isPublic])
    #expect(Self.control("xno-store, no-storex, no store").flags == [])
    #expect(Self.control(",, ,no-store,").flags == [.noStore])
    #expect(Self.control("max-stale").flags == [.anyStale])
    #expect(Self.control("max-stale=7").maxStale == 7)
    #expect(Self.control("stale-while-revalidate=3, stale-if-error=4").staleIfError == 4)
  }

  @Test(arguments: ["", "x", "-1", "1.5", "\"", "60s", "0x10"])
  func `A time that is none is the shortest`(value: String) {
    #expect(Self.control("max-age=\(value)").maxAge == 0)
  }

  @Test func `Times that contradict each other are the shortest, and long ones long`() {
    #expect(Self.control("max-age=60, max-age=61").maxAge == 0)
    #expect(Self.control("max-age=60", "max-age=60").maxAge == 60)
    #expect(Self.control("max-age=99999999999").maxAge == 1 << 31)
    #expect(Self.control("max-age=" + String(repeating: "9", count: 40)).maxAge == 1 << 31)
  }
}
