import Base
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

/// What a cache holds, over many changes.
@Suite struct CacheStoreTests {
  private let cache = PolicyBench.make(CachePolicy.self, "{ size: 1MiB }").policy.cache
  private let rules = CacheRules()

  private func keep(_ path: String, _ content: String) throws {
    let now = Instant(nanoseconds: 1_000_000_000)
    var exchange = Exchange()
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    exchange.response.status = 200
    exchange.response.fields.append(name: "cache-control", text: "max-age=60")
    let asked = CacheRequest(exchange, service: [1], isSecure: false, rules: rules)
    let head = try #require(
      CacheStorability.entry(
        exchange.response, for: asked, requestFields: exchange.request.fields, rules: rules,
        now: now, wallSeconds: 1, delaySeconds: 0))
    #expect(cache.keep(CacheStorability.entry(head, content: Array(content.utf8))))
  }

  @Test func `A response that is replaced again and again takes one place`() throws {
    for number in 0..<1000 { try keep("/a", "content \(number)") }
    #expect(cache.placeCount == 1)
    #expect(cache.size.responses == 1)
    #expect(cache.forget { _ in true } == 1)
    #expect(cache.size == (bytes: 0, responses: 0))
    for number in 0..<1000 { try keep("/a", "content \(number)") }
    #expect(cache.placeCount == 1)
  }

  @Test func `What makes room leaves its place to others`() throws {
    for number in 0..<5000 { try keep("/\(number)", String(repeating: "x", count: 1000)) }
    #expect(cache.size.bytes <= 1 << 20)
    // A place for each shard is free until the next response comes.
    #expect(cache.placeCount - cache.size.responses <= 8)
    #expect(cache.placeCount < 1000)
  }
}
