import Base
import CLinux

/// A resource record of an answer: an address, or an alias (RFC 1035 §3.3.1, §3.4.1).
struct ResolverRecord: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case address(IPAddress)
    case alias(String)
  }

  /// The name that the record is about, in lower case, without a trailing dot.
  let owner: String
  let content: Content
  let ttlSeconds: UInt32

  /// The records of the answer section that are aliases, or addresses of the `wanted` type; others
  /// are left out. The message is taken apart by the C library's parser alone.
  static func answers(
    of message: [UInt8], wanted: ResolverQuestion.RecordType
  ) throws(ResolverReply.Flaw) -> [ResolverRecord] {
    var records: [ResolverRecord] = []
    // Safety: the pointers that the parser keeps are used inside the closure only, where the
    // array stays in place; it reads no byte beyond the count that it is given.
    let isSound = unsafe message.withUnsafeBufferPointer { bytes in
      var parsed = unsafe ns_msg()
      guard let start = bytes.baseAddress else { return false }
      guard unsafe ns_initparse(start, Int32(clamping: bytes.count), &parsed) == 0 else {
        return false
      }
      let count = unsafe Int(parsed._counts.1)
      guard count <= ResolverLimits.recordsMax else { return false }
      var raw = unsafe ns_rr()
      for index in 0..<count {
        guard unsafe ns_parserr(&parsed, ns_s_an, Int32(index), &raw) == 0 else { return false }
        guard unsafe raw.rr_class == 1,
          let type = unsafe ResolverQuestion.RecordType(rawValue: raw.type),
          type == wanted || type == .alias
        else { continue }
        guard unsafe append(raw, type, of: bytes, to: &records) else { return false }
      }
      return true
    }
    guard isSound else { throw .malformed }
    return records
  }

  /// Appends the record if it is of use; false if its data has the wrong size.
  @unsafe
  private static func append(
    _ raw: ns_rr, _ type: ResolverQuestion.RecordType, of message: UnsafeBufferPointer<UInt8>,
    to records: inout [ResolverRecord]
  ) -> Bool {
    // Safety: `rdata` is the parser's pointer to `rdlength` bytes inside the message.
    // Its size is checked before it is taken apart.
    let data = unsafe UnsafeBufferPointer(start: raw.rdata, count: Int(raw.rdlength))
    let content: Content
    switch type {
    case .a:
      guard data.count == 4 else { return false }
      content = unsafe .address(IPAddress(v4: UInt32(truncatingIfNeeded: number(data[0..<4]))))
    case .aaaa:
      guard data.count == 16 else { return false }
      content = unsafe .address(IPAddress(high: number(data[0..<8]), low: number(data[8..<16])))
    case .alias:
      guard let target = unsafe name(at: data.baseAddress, in: message) else { return false }
      content = .alias(target)
    }
    // RFC 2181 §8: a TTL with its highest bit set counts as 0.
    let ttlSeconds = unsafe raw.ttl > UInt32(Int32.max) ? 0 : raw.ttl
    // Safety: the parser ends the name with a zero inside its fixed room.
    let owner = unsafe withUnsafeBytes(of: raw.name) { unsafe text($0) }
    records.append(ResolverRecord(owner: owner, content: content, ttlSeconds: ttlSeconds))
    return true
  }

  @unsafe
  private static func number(_ bytes: Swift.Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    // Safety: the slice lies inside the message, as its maker checked.
    unsafe bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The name that stands, maybe compressed, at `place` in the message.
  @unsafe
  private static func name(
    at place: UnsafePointer<UInt8>?, in message: UnsafeBufferPointer<UInt8>
  ) -> String? {
    // Safety: `message` and `place`, which points into it, hold for the caller's closure.
    guard let start = message.baseAddress, let place = unsafe place else { return nil }
    // The longest text form (NS_MAXDNAME), every byte escaped.
    // Safety: the room is used inside only.
    return unsafe withUnsafeTemporaryAllocation(byteCount: 1025, alignment: 1) { room in
      let target = unsafe room.assumingMemoryBound(to: CChar.self)
      // Safety: both pointers lie in the message, its end is given, and so is the room's size.
      let used = unsafe dn_expand(
        start, start + message.count, place, target.baseAddress, Int32(target.count))
      return used < 0 ? nil : unsafe text(UnsafeRawBufferPointer(room))
    }
  }

  /// The text up to the first zero, in lower case. What is no ASCII, or escaped, matches no name
  /// that was asked for.
  @unsafe
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    // Safety: the bytes are read up to their count at most, and copied.
    let used = unsafe bytes.prefix { $0 != 0 }
    return unsafe String(decoding: used.map(ASCII.lowercased), as: UTF8.self)
  }
}
