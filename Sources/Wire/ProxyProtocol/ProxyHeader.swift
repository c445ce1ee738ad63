public import Base

/// What a balancer says in front of a connection about whose it is: the PROXY protocol, versions 1
/// and 2 (the specification of HAProxy's, of 2020, §2).
public enum ProxyHeader {
  /// Most bytes of a header that are taken, with what balancers add behind the addresses.
  public static let bytesMax = 4_096

  /// What bytes at the begin of a connection are.
  public enum Outcome: Hashable, Sendable {
    /// Perhaps a header, if more comes.
    case incomplete
    /// No header, and why.
    case malformed(String)
    /// A header of so many bytes. The address is that of the client, or nil if the balancer speaks
    /// for itself or does not say.
    case complete(count: Int, source: IPAddress?)
  }

  /// Reads what there is. Nothing is guessed: what is no header is no connection.
  public static func read(_ bytes: Span<UInt8>) -> Outcome {
    if bytes.isEmpty { return .incomplete }
    return bytes[0] == signature[0] ? readBinary(bytes) : readText(bytes)
  }

  // MARK: Version 1

  /// The longest line of version 1, its end included (§2.1).
  static let lineBytesMax = 107

  private static func readText(_ bytes: Span<UInt8>) -> Outcome {
    let start = Array("PROXY ".utf8)
    for index in 0..<min(start.count, bytes.count) where bytes[index] != start[index] {
      return .malformed("no header")
    }
    var end = 0
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    guard end < bytes.count else {
      return bytes.count < lineBytesMax ? .incomplete : .malformed("a line without end")
    }
    guard end > start.count, end < lineBytesMax, bytes[end - 1] == 0x0D else {
      return .malformed("a line that is too long or ends otherwise")
    }
    let words = split(bytes.extracting(start.count..<end - 1))
    if words.first == Array("UNKNOWN".utf8) { return .complete(count: end + 1, source: nil) }
    guard words.count == 5 else { return .malformed("another number of words") }
    let isV4 = words[0] == Array("TCP4".utf8)
    guard isV4 || words[0] == Array("TCP6".utf8) else { return .malformed("another family") }
    guard let source = address(words[1], isV4: isV4), address(words[2], isV4: isV4) != nil else {
      return .malformed("an address")
    }
    guard isPort(words[3]), isPort(words[4]) else { return .malformed("a port") }
    return .complete(count: end + 1, source: source)
  }

  private static func split(_ line: Span<UInt8>) -> [[UInt8]] {
    line.indices.map { line[$0] }
      .split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
  }

  private static func address(_ text: [UInt8], isV4: Bool) -> IPAddress? {
    text.contains(0x3A) == isV4 ? nil : IPAddress(text.span)
  }

  private static func isPort(_ text: [UInt8]) -> Bool {
    guard (1...5).contains(text.count), let number = ASCII.decimal(text.span) else { return false }
    return number <= 65_535 && (text.count == 1 || text[0] != 0x30)
  }

  // MARK: Version 2

  static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  private static let headBytes = 16

  private static func readBinary(_ bytes: Span<UInt8>) -> Outcome {
    for index in 0..<min(signature.count, bytes.count) where bytes[index] != signature[index] {
      return .malformed("no header")
    }
    guard bytes.count >= headBytes else { return .incomplete }
    let command = bytes[12]
    guard command == 0x20 || command == 0x21 else { return .malformed("another version") }
    let length = Int(bytes[14]) << 8 | Int(bytes[15])
    let count = headBytes + length
    guard count <= bytesMax else { return .malformed("a header that is too long") }
    guard let needed = addressBytes(bytes[13]) else { return .malformed("another family") }
    guard length >= needed || command == 0x20 else {
      return .malformed("a header that is too short")
    }
    guard bytes.count >= count else { return .incomplete }
    return .complete(count: count, source: command == 0x20 ? nil : source(bytes))
  }

  /// How long the addresses are; nil for a family or protocol that is not taken: this is TCP.
  private static func addressBytes(_ family: UInt8) -> Int? {
    switch family {
    case 0x00: 0
    case 0x11: 12
    case 0x21: 36
    case 0x31: 216
    default: nil
    }
  }

  private static func source(_ bytes: Span<UInt8>) -> IPAddress? {
    func word(_ at: Int, _ count: Int) -> UInt64 {
      (at..<at + count).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }
    switch bytes[13] {
    case 0x11: return IPAddress(v4: UInt32(word(headBytes, 4)))
    case 0x21: return IPAddress(high: word(headBytes, 8), low: word(headBytes + 8, 8))
    default: return nil
    }
  }
}
