import Base
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct DecompressTests {
  private static func policy(_ yaml: String = "{}") -> DecompressPolicy {
    let (policy, report) = PolicyBench.make(DecompressPolicy.self, yaml)
    #expect(report == "")
    return policy
  }

  private static func exchange(_ codings: String...) -> BenchExchange {
    let exchange = PolicyBench.exchange(codings.map { ("content-encoding", $0) }, method: .post)
    exchange.request.framing = .length(10)
    return exchange
  }

  private static func encoded(_ content: [UInt8], _ coding: ContentCoding) throws -> [UInt8] {
    let encoder = try #require(ContentEncoder(coding, level: 5))
    var output = ByteBuffer()
    #expect(encoder.encode(content.span, .finish, into: &output))
    return Array(output.storage.prefix(output.count))
  }

  @Test(arguments: ContentCoding.allCases)
  func `Content in a coding goes on as it is, and its head says nothing of a coding`(
    coding: ContentCoding
  ) throws {
    let policy = Self.policy()
    let exchange = Self.exchange("\(coding.text)")
    #expect(PolicyBench.problem(policy.review(exchange)) == nil)
    #expect(exchange.request.fields.value(.contentEncoding) == nil)
    #expect(exchange.isHeld(by: policy))
    let text = Array("{\"name\":\"widget\"}".utf8)
    let verdict = exchange.inspected(try Self.encoded(text, coding), by: policy)
    #expect(PolicyBench.problem(verdict) == nil)
    #expect(exchange.newContent == text)
    // Once, and no second time.
    #expect(!exchange.isHeld(by: policy))
  }

  @Test func `Content without a coding is not held`() {
    let policy = Self.policy()
    for exchange in [Self.exchange(), Self.exchange("Identity")] {
      #expect(PolicyBench.problem(policy.review(exchange)) == nil)
      #expect(exchange.request.fields.value(.contentEncoding) == nil)
      #expect(!exchange.isHeld(by: policy))
    }
  }

  @Test(arguments: [
    "gzip, gzip", "compress", "gzip;q=1", "", "gzip gzip", "aes128gcm", "identity, gzip", "gzip,",
  ])
  func `Unknown codings, and codings within codings, are refused`(coding: String) {
    let exchange = Self.exchange(coding)
    #expect(PolicyBench.problem(Self.policy().review(exchange)) == .unsupportedMediaType)
    #expect(
      PolicyBench.value(exchange.replyFields, "accept-encoding") == "gzip, deflate, br, zstd")
  }

  @Test func `Two lines are two codings`() {
    let exchange = Self.exchange("gzip", "identity")
    #expect(PolicyBench.problem(Self.policy().review(exchange)) == .unsupportedMediaType)
  }

  @Test func `A coding that the route does not take is refused`() {
    let exchange = Self.exchange("br")
    let policy = Self.policy("{ codings: [gzip] }")
    #expect(PolicyBench.problem(policy.review(exchange)) == .unsupportedMediaType)
    #expect(PolicyBench.value(exchange.replyFields, "accept-encoding") == "gzip")
  }

  // DOS-07, DOS-08.
  @Test(arguments: ContentCoding.allCases)
  func `A bomb is too large, by its ratio and by its length`(coding: ContentCoding) throws {
    let bomb = try Self.encoded([UInt8](repeating: 0, count: 4 << 20), coding)
    for settings in ["{ size: 64MiB }", "{ size: 1MiB, ratio: 1000 }"] {
      let policy = Self.policy(settings)
      let exchange = Self.exchange("\(coding.text)")
      _ = policy.review(exchange)
      #expect(PolicyBench.problem(exchange.inspected(bomb, by: policy)) == .contentTooLarge)
      #expect(exchange.newContent == nil)
    }
  }

  @Test func `What is not in its coding is malformed`() {
    let policy = Self.policy()
    let exchange = Self.exchange("gzip")
    _ = policy.review(exchange)
    let verdict = exchange.inspected("{\"plain\":true}", by: policy)
    #expect(PolicyBench.problem(verdict) == .malformedRequest)
  }

  @Test(arguments: [
    "{ codings: [] }", "{ codings: [lzma] }", "{ size: 65MiB }", "{ ratio: 1 }", "{ x: 1 }",
  ])
  func `Wrong settings are reported`(yaml: String) {
    #expect(PolicyBench.make(DecompressPolicy.self, yaml).report != "")
  }
}
