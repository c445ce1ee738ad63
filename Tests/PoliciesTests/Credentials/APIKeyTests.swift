import Crypto
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct APIKeyTests {
  private func credential(_ key: String, _ consumer: Int) throws -> ConsumerDirectory.Credential {
    let bytes = SHA256Hasher().hash(key.utf8.span).bytes
    func word(_ place: Int) -> UInt64 {
      bytes[8 * place..<8 * place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return ConsumerDirectory.Credential(
      digest: (word(0), word(1), word(2), word(3)), consumer: consumer)
  }

  @Test func `A known key names its consumer and does not go upstream`() throws {
    let key = try KeyForm.make()
    let (policy, report) = PolicyBench.make(
      APIKeyPolicy.self, "{}", credentials: [try credential(key, 0)])
    #expect(report == "")
    let exchange = PolicyBench.exchange([("x-api-key", key)])
    #expect(PolicyBench.problem(policy.review(exchange)) == nil)
    #expect(exchange.consumer?.name == "alice")
    #expect(PolicyBench.value(exchange.request.fields, "x-api-key") == nil)
  }

  @Test func `A missing key is asked for, and a wrong one refused`() throws {
    let key = try KeyForm.make()
    let (policy, _) = PolicyBench.make(
      APIKeyPolicy.self, "{}",
      credentials: [try credential(key, 0), try credential("plain", 0), try credential("off", 1)])
    func problem(_ fields: [(String, String)]) -> Bool {
      PolicyBench.problem(policy.review(PolicyBench.exchange(fields))) == .credentialsInvalid
    }
    let none = PolicyBench.problem(policy.review(PolicyBench.exchange()))
    #expect(none == .credentialsRequired)
    #expect(problem([("x-api-key", "")]))
    #expect(problem([("x-api-key", String(key.dropLast()))]))
    #expect(problem([("x-api-key", key + "0")]))
    #expect(problem([("x-api-key", key), ("x-api-key", key)]))
    #expect(problem([("x-api-key", String(repeating: "a", count: 257))]))
    #expect(problem([("x-api-key", "off")]))
    #expect(!problem([("x-api-key", "plain")]))
  }

  @Test func `Each of a hundred thousand keys finds its credential`() throws {
    let credentials = try (0..<100_000).map { try credential("key-\($0)", $0 % 2) }
    let table = KeyTable(credentials)
    let hasher = SHA256Hasher()
    var wrong = 0
    for number in 0..<100_000 {
      let found = table.credential(hasher.hash("key-\(number)".utf8.span))
      if found != number { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(table.credential(hasher.hash("key-100000".utf8.span)) == nil)
  }
}
