import Base
import Testing

@testable import Runtime

@Suite struct ResolverHostAddressTests {
  @Test(arguments: [
    ("Api.Example", "api.example", false), ("api.example.", "api.example", true),
    ("a_b-c.example", "a_b-c.example", false), ("x", "x", false), ("1a.2b", "1a.2b", false),
    ("xn--bcher-kva.example", "xn--bcher-kva.example", false), ("3.example", "3.example", false),
  ])
  func `A host name is read in lower case`(given: String, text: String, isAbsolute: Bool) throws {
    let host = try #require(HostAddress(given))
    #expect(host.text == text)
    #expect(host.literal == nil)
    #expect(host.isAbsolute == isAbsolute)
  }

  @Test(arguments: [("192.0.2.1", "192.0.2.1"), ("[2001:DB8::1]", "2001:db8::1"), ("::1", "::1")])
  func `An address is taken as such`(given: String, text: String) throws {
    let host = try #require(HostAddress(given))
    #expect(host.literal?.description == text)
    #expect(host.text == text)
  }

  @Test(arguments: [
    "", ".", "..", "a..b", ".a", "-a.example", "a-.example", "a b", "a\u{0}b", "a/b", "a:80", "a@b",
    "bücher.example", "a%2eb", "10.1", "1.2.3.04", "0x7f.1", "a.0x7F", "a.0x", "127.1.",
    "[1.2.3.4]",
    "[api.example]", "[::1", "256.1.1.1", "*.example",
    String(repeating: "x", count: 64), String(repeating: "x.", count: 127) + "x",
  ])
  func `What is no host is refused`(given: String) {
    #expect(HostAddress(given) == nil)
  }

  @Test func `The longest name is allowed and one byte more is not`() {
    let label = String(repeating: "x", count: 61)
    let long = Array(repeating: label, count: 4).joined(separator: ".")
    #expect(HostAddress(long + ".yyyyy") != nil)
    #expect(HostAddress(long + ".yyyyy.") != nil)
    #expect(HostAddress(long + ".yyyyyy") == nil)
    #expect(HostAddress(long + ".yyyyyyyyyyyy") == nil)
  }

  private func ordered(
    _ texts: [String], first: HostAddress.Family = .v6
  ) throws -> [String] {
    let addresses = try texts.map { try #require(IPAddress($0)) }
    return HostAddress.interleaved(addresses, first: first).map(\.description)
  }

  @Test func `Families take turns and keep their own order`() throws {
    let given = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "::2", "::1"]
    #expect(try ordered(given) == ["::2", "10.0.0.1", "::1", "10.0.0.2", "10.0.0.3"])
    #expect(try ordered(given, first: .v4) == ["10.0.0.1", "::2", "10.0.0.2", "::1", "10.0.0.3"])
    #expect(try ordered(["10.0.0.1"]) == ["10.0.0.1"])
    #expect(try ordered([]) == [])
  }

  @Test func `An address that is there twice, in whatever form, is tried once`() throws {
    #expect(try ordered(["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1"]) == ["10.0.0.1"])
  }
}
