import Base

/// What a name server's message says about one question.
struct ResolverReply: Hashable, Sendable {
  /// Why a message was not taken as a reply.
  enum Flaw: Error, Hashable {
    /// It answers another question, or is no answer at all: whoever sent it, waiting goes on.
    case stranger
    /// It answers this question, but breaks the rules.
    case malformed
  }

  enum Finding: Hashable, Sendable {
    /// At least one address, and the seconds for which they hold, as sent.
    case addresses([IPAddress], ttlSeconds: UInt32)
    case noSuchName
    case noAddresses
    /// The answer did not fit: ask again over TCP.
    case truncated
    /// The server's code, other than 0 and 3.
    case failed(code: Int)
  }

  let finding: Finding

  /// Reads `message` as the reply to `question` that was sent with `id`.
  init(
    _ message: [UInt8], to question: ResolverQuestion, id: UInt16, isOverTCP: Bool
  ) throws(Flaw) {
    guard ResolverReply.matches(message, question, id) else { throw .stranger }
    let flags = UInt16(message[2]) << 8 | UInt16(message[3])
    if flags & 0x0200 != 0 {
      // Over TCP nothing has to be cut, so a cut answer there is a broken one.
      if isOverTCP { throw .malformed }
      finding = .truncated
      return
    }
    switch Int(flags & 0xF) {
    case 0:
      finding = try ResolverReply.follow(
        ResolverRecord.answers(of: message, wanted: question.type), from: question.name)
    case 3: finding = .noSuchName
    case let code: finding = .failed(code: code)
    }
  }

  /// Whether the header and the question section are those of a response to the query. All of the
  /// query is compared, so that a forger has to know its name, type and id, and the port.
  private static func matches(
    _ message: [UInt8], _ question: ResolverQuestion, _ id: UInt16
  ) -> Bool {
    let query = question.query(id: id)
    guard message.count >= query.count, message[0] == query[0], message[1] == query[1] else {
      return false
    }
    // A response (QR), to a standard query (opcode 0), with one question.
    guard message[2] & 0xF8 == 0x80, message[4] == 0, message[5] == 1 else { return false }
    for index in 12..<query.count
    where ASCII.lowercased(message[index]) != ASCII.lowercased(query[index]) {
      return false
    }
    return true
  }

  /// Goes from the question's name along its aliases to the addresses. Records of other names are
  /// ignored: nobody asked for them.
  private static func follow(
    _ records: [ResolverRecord], from start: String
  ) throws(Flaw) -> Finding {
    var name = start
    var ttlSeconds = UInt32.max
    for _ in 0...ResolverLimits.aliasesMax {
      var addresses: [IPAddress] = []
      var alias: ResolverRecord?
      for record in records where record.owner == name {
        switch record.content {
        case .address(let address):
          guard addresses.count < ResolverLimits.addressesMax else { continue }
          addresses.append(address)
          ttlSeconds = min(ttlSeconds, record.ttlSeconds)
        case .alias: alias = record
        }
      }
      if !addresses.isEmpty { return .addresses(addresses, ttlSeconds: ttlSeconds) }
      guard let alias, case .alias(let target) = alias.content else { return .noAddresses }
      ttlSeconds = min(ttlSeconds, alias.ttlSeconds)
      name = target
    }
    throw .malformed
  }
}
