import Base

/// Builds what a name server sends.
struct NameServerMessage {
  struct Record {
    var owner: String
    var type: UInt16
    var ttlSeconds: UInt32
    var data: [UInt8]

    static func address(_ owner: String, _ text: String, ttl: UInt32 = 60) -> Record {
      guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
      if address.isV4 {
        return Record(
          owner: owner, type: 1, ttlSeconds: ttl, data: Array(bytes(address.low).suffix(4)))
      }
      return Record(
        owner: owner, type: 28, ttlSeconds: ttl, data: bytes(address.high) + bytes(address.low))
    }

    static func alias(_ owner: String, _ target: String, ttl: UInt32 = 60) -> Record {
      Record(owner: owner, type: 5, ttlSeconds: ttl, data: NameServerMessage.name(target))
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
  }

  /// A response to `query` with these records in its answer section.
  static func answer(
    _ query: [UInt8], _ records: [Record] = [], code: UInt8 = 0, isTruncated: Bool = false
  ) -> [UInt8] {
    var message = query
    message[2] = isTruncated ? 0x83 : 0x81
    message[3] = 0x80 | code
    message[6] = UInt8(records.count >> 8)
    message[7] = UInt8(records.count & 0xFF)
    for record in records {
      message += name(record.owner)
      message += [0, UInt8(record.type), 0, 1]
      message += (0..<4).map { UInt8(truncatingIfNeeded: record.ttlSeconds >> UInt32(24 - 8 * $0)) }
      message += [UInt8(record.data.count >> 8), UInt8(record.data.count & 0xFF)]
      message += record.data
    }
    return message
  }

  static func name(_ text: String) -> [UInt8] {
    text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }
}

extension NameServer.Query {
  typealias Record = NameServerMessage.Record

  /// The answer with those of `texts` that are of the family that was asked for.
  func answer(_ texts: [String], ttl: UInt32 = 60) -> [UInt8] {
    let records = texts.filter { IPAddress($0)?.isV4 == isV4 }
      .map { Record.address(name, $0, ttl: ttl) }
    return NameServerMessage.answer(bytes, records)
  }

  func failure(_ code: UInt8) -> [UInt8] { NameServerMessage.answer(bytes, code: code) }
}
