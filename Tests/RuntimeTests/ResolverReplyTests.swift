import Base
import Testing

@testable import Runtime

@Suite struct ResolverReplyTests {
  typealias Record = NameServerMessage.Record

  private let question = ResolverQuestion(name: "api.example", type: .a)

  private func read(
    _ message: [UInt8], isOverTCP: Bool = false
  ) throws(ResolverReply.Flaw) -> ResolverReply.Finding {
    try ResolverReply(message, to: question, id: 7, isOverTCP: isOverTCP).finding
  }

  private func answer(_ records: [Record]) -> [UInt8] {
    NameServerMessage.answer(question.query(id: 7), records)
  }

  private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  @Test func `A query has the bytes that RFC 1035 asks for`() {
    let expected: [UInt8] =
      [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [3] + Array("api".utf8) + [7]
      + Array("example".utf8) + [0, 0, 28, 0, 1]
    #expect(ResolverQuestion(name: "api.example", type: .aaaa).query(id: 0x1234) == expected)
  }

  @Test func `A chain of aliases is followed in any order, with the shortest TTL`() throws {
    let message = answer([
      .address("c.example", "192.0.2.1", ttl: 50), .alias("b.example", "C.Example", ttl: 20),
      .alias("api.example", "b.example", ttl: 40), .address("c.example", "192.0.2.2", ttl: 60),
    ])
    let addresses = [try address("192.0.2.1"), try address("192.0.2.2")]
    #expect(try read(message) == .addresses(addresses, ttlSeconds: 20))
  }

  @Test func `Addresses of names that nobody asked for are ignored`() throws {
    let message = answer([
      .address("evil.example", "6.6.6.6"), .address("api.example", "192.0.2.1"),
      .alias("evil.example", "api.example"), .address("example", "6.6.6.6"),
    ])
    #expect(try read(message) == .addresses([try address("192.0.2.1")], ttlSeconds: 60))
    #expect(try read(answer([.address("evil.example", "6.6.6.6")])) == .noAddresses)
  }

  @Test func `Addresses of the other family are ignored`() throws {
    #expect(try read(answer([.address("api.example", "2001:db8::1")])) == .noAddresses)
  }

  @Test func `An alias that leads nowhere means no addresses`() throws {
    #expect(try read(answer([.alias("api.example", "b.example")])) == .noAddresses)
  }

  @Test func `A loop and an endless chain of aliases are malformed`() {
    let loop = answer([.alias("api.example", "b.example"), .alias("b.example", "api.example")])
    #expect(throws: ResolverReply.Flaw.malformed) { try read(loop) }
    let long = (0..<20).map { Record.alias("a\($0).example", "a\($0 + 1).example") }
    let chain =
      [Record.alias("api.example", "a0.example")] + long
      + [Record.address("a20.example", "192.0.2.1")]
    #expect(throws: ResolverReply.Flaw.malformed) { try read(answer(chain)) }
  }

  @Test func `More records than the limit are malformed`() {
    let records = (0...ResolverLimits.recordsMax).map {
      Record.address("api.example", "10.0.\($0 / 256).\($0 % 256)")
    }
    #expect(throws: ResolverReply.Flaw.malformed) { try read(answer(records)) }
  }

  @Test func `An address of the wrong size is malformed`() {
    for count in [0, 3, 5, 16] {
      let record = Record(
        owner: "api.example", type: 1, ttlSeconds: 60, data: Array(repeating: 1, count: count))
      #expect(throws: ResolverReply.Flaw.malformed) { try read(answer([record])) }
    }
  }

  @Test func `A name whose compression points at itself or beyond the end is malformed`() {
    let query = question.query(id: 7)
    for offset in [query.count, query.count + 16, 0x3FFF] {
      var message = NameServerMessage.answer(query)
      message[7] = 1
      message += [0xC0 | UInt8(offset >> 8), UInt8(offset & 0xFF), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]
      message += [192, 0, 2, 1]
      #expect(throws: ResolverReply.Flaw.malformed) { try read(message) }
    }
  }

  @Test func `A compressed owner name is understood`() throws {
    var message = NameServerMessage.answer(question.query(id: 7))
    message[7] = 1
    message += [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
    #expect(try read(message) == .addresses([try address("192.0.2.1")], ttlSeconds: 60))
  }

  @Test func `A record of another class than the internet's is ignored`() throws {
    var message = NameServerMessage.answer(question.query(id: 7))
    message[7] = 1
    message += [0xC0, 12, 0, 1, 0, 3, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
    #expect(try read(message) == .noAddresses)
  }

  @Test func `Codes and the truncated flag are told apart`() throws {
    let query = question.query(id: 7)
    #expect(try read(NameServerMessage.answer(query, code: 3)) == .noSuchName)
    #expect(try read(NameServerMessage.answer(query, code: 2)) == .failed(code: 2))
    #expect(try read(NameServerMessage.answer(query, isTruncated: true)) == .truncated)
    #expect(throws: ResolverReply.Flaw.malformed) {
      try read(NameServerMessage.answer(query, isTruncated: true), isOverTCP: true)
    }
  }

  @Test func `No cut of a message is taken for an answer`() {
    let message = answer([
      .alias("api.example", "b.example"), .address("b.example", "192.0.2.1"),
    ])
    for count in 0..<message.count {
      #expect(throws: ResolverReply.Flaw.self) { try read(Array(message.prefix(count))) }
    }
  }

  @Test func `Whatever bytes are changed, the reader survives and keeps its limits`() {
    var random = Shuffler(state: 0x9E37_79B9_7F4A_7C15)
    let message = answer([
      .alias("api.example", "b.example"), .address("b.example", "192.0.2.1"),
      .address("b.example", "192.0.2.2"),
    ])
    var answers = 0
    for _ in 0..<20_000 {
      var changed = message
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        changed[Int.random(in: 29..<changed.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      guard let finding = try? read(changed) else { continue }
      if case .addresses(let addresses, _) = finding {
        answers += 1
        #expect(addresses.count <= 2)
      }
    }
    #expect(answers > 100, "some changes hit what does not matter")
  }

  /// A generator with a fixed start, so that a failure happens again.
  private struct Shuffler: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }
}
