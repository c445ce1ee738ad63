import Base
import HTTP

/// What trusted hops tell of the way that a request came, in `X-Forwarded-For` and
/// `X-Forwarded-Proto`. `Forwarded` (RFC 7239) is not read: of two lists that differ, one would be
/// a client's.
enum ForwardedChain {
  /// The first address from the right that is no trusted hop; of hops alone, the leftmost. What is
  /// no address ends the walk: what stands behind it is anybody's.
  static func origin(_ fields: borrowing Fields, _ hops: [AddressBlock]) -> IPAddress? {
    var last: IPAddress?
    // Several lines are one list (RFC 9110 §5.3): a hop may add one of its own behind a client's.
    for index in fields.lines.indices.reversed() {
      let line = fields.lines[index]
      if line.id != .xForwardedFor || line.name.isEmpty { continue }
      let bytes = fields[line.value]
      var end = bytes.count
      while end > 0 {
        var start = end
        while start > 0, bytes[start - 1] != UInt8(ascii: ",") { start -= 1 }
        guard let address = address(bytes.extracting(start..<end)) else { return last }
        last = address
        if !hops.contains(where: { $0.contains(address) }) { return address }
        end = max(0, start - 1)
      }
    }
    return last
  }

  /// The whole list, with a comma behind it; empty if there is none.
  static func told(_ fields: borrowing Fields) -> [UInt8] {
    var chain: [UInt8] = []
    for line in fields.lines where line.id == .xForwardedFor && !line.name.isEmpty {
      if line.value.isEmpty { continue }
      chain += fields.arena[line.value.range]
      chain += Array(", ".utf8)
    }
    return chain
  }

  /// Whether the hop was asked by TLS; nil if it says nothing clear.
  static func isSecure(_ fields: borrowing Fields) -> Bool? {
    guard fields.count(.xForwardedProto) == 1, let value = fields.value(.xForwardedProto) else {
      return nil
    }
    if ASCII.equalsIgnoringCase(fields[value], "https") { return true }
    return ASCII.equalsIgnoringCase(fields[value], "http") ? false : nil
  }

  /// An address, perhaps in brackets or with a port, and white space around it.
  private static func address(_ text: Span<UInt8>) -> IPAddress? {
    var (from, to) = (0, text.count)
    while from < to, isSpace(text[from]) { from += 1 }
    while to > from, isSpace(text[to - 1]) { to -= 1 }
    if from < to, text[from] == UInt8(ascii: "[") {
      guard let close = (from..<to).first(where: { text[$0] == UInt8(ascii: "]") }),
        close + 1 == to || isPort(text.extracting(close + 1..<to))
      else { return nil }
      let inner = IPAddress(text.extracting(from + 1..<close))
      return inner?.isV4 == true ? nil : inner
    }
    let colons = (from..<to).filter { text[$0] == UInt8(ascii: ":") }
    if colons.count == 1 {
      guard isPort(text.extracting(colons[0]..<to)) else { return nil }
      to = colons[0]
    }
    return IPAddress(text.extracting(from..<to))
  }

  /// A colon and one to five digits.
  private static func isPort(_ text: Span<UInt8>) -> Bool {
    guard (2...6).contains(text.count), text[0] == UInt8(ascii: ":") else { return false }
    for index in 1..<text.count where !ASCII.isDigit(text[index]) { return false }
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
