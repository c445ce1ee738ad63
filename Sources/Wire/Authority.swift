import Base
import HTTP

/// A host with its port, as `Host` and an absolute target carry it (RFC 3986 §3.2).
struct Authority {
  /// How much of the text is the host, without a final dot, which names the same host.
  let hostCount: Int
  /// The address, if the host is one in brackets; IPv4 in mapped form.
  let literal: IPAddress?
  /// The port, or 0 if none was named.
  let port: UInt16

  /// Reads `text`; nil if it breaks the grammar, names no host, or a port out of 1 to 65535.
  init?(_ text: Span<UInt8>) {
    guard let end = Self.hostEnd(text), end > 0 else { return nil }
    literal = Self.literal(text.extracting(0..<end))
    hostCount = text[end - 1] == 0x2E ? end - 1 : end
    if end == text.count {
      port = 0
      return
    }
    guard text[end] == 0x3A, text.count - end > 1, text.count - end <= 6 else { return nil }
    var number = 0
    for index in end + 1..<text.count {
      guard ASCII.isDigit(text[index]) else { return nil }
      number = number * 10 + Int(text[index] - 0x30)
    }
    guard let port = UInt16(exactly: number), port > 0 else { return nil }
    self.port = port
  }

  /// What a label and a name may have (RFC 1035 §2.3.4), the final dot counted.
  private static let labelBytesMax = 63
  private static let nameBytesMax = 254

  private static func hostEnd(_ text: Span<UInt8>) -> Int? {
    if text.count > 0, text[0] == 0x5B { return literalEnd(text) }
    var at = 0
    var label = 0
    while at < text.count, text[at] != 0x3A {
      // An empty label names nothing, and percent-encoding would be a second name for the host.
      guard isName(text[at]), text[at] != 0x2E || label > 0 else { return nil }
      label = text[at] == 0x2E ? 0 : label + 1
      if label > labelBytesMax { return nil }
      at += 1
    }
    return at <= nameBytesMax ? at : nil
  }

  private static func literal(_ host: Span<UInt8>) -> IPAddress? {
    host[0] == 0x5B ? IPAddress(host.extracting(1..<host.count - 1)) : nil
  }

  /// Stores the one form that an address in brackets has (RFC 5952 §4 and §5).
  static func store(_ literal: IPAddress, in fields: inout Fields) -> Slice {
    var text = ByteBuffer(capacity: 48)
    text.append(literal.isV4 ? "[::ffff:" : "[")
    literal.write(into: &text)
    text.append("]")
    return fields.store(text.readable)
  }

  /// An address in brackets; RFC 3986's form for versions to come is taken by grammar alone.
  private static func literalEnd(_ text: Span<UInt8>) -> Int? {
    var close = 1
    while close < text.count, text[close] != 0x5D { close += 1 }
    guard close < text.count else { return nil }
    let inner = text.extracting(1..<close)
    guard inner.count > 0 else { return nil }
    if inner[0] | 0x20 == 0x76 { return isFuture(inner) ? close + 1 : nil }
    guard let address = IPAddress(inner), inner.count > 1 else { return nil }
    var hasColon = false
    for index in inner.indices where inner[index] == 0x3A { hasColon = true }
    _ = address
    return hasColon ? close + 1 : nil
  }

  private static func isFuture(_ inner: Span<UInt8>) -> Bool {
    var at = 1
    while at < inner.count, ASCII.hexValue(inner[at]) != nil { at += 1 }
    guard at > 1, at + 1 < inner.count, inner[at] == 0x2E else { return false }
    for index in at + 1..<inner.count where !isName(inner[index]) && inner[index] != 0x3A {
      return false
    }
    return true
  }

  /// `unreserved` or `sub-delims`, but no comma, which makes a list, and no asterisk, which stands
  /// for many names: no host has one.
  private static func isName(_ byte: UInt8) -> Bool {
    ASCII.isPathCharacter(byte) && byte != 0x3A && byte != 0x40 && byte != 0x2C && byte != 0x2A
  }
}
