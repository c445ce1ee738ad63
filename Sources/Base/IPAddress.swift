/// An IPv4 or IPv6 address; IPv4-mapped IPv6 addresses are folded into IPv4.
///
/// Folding at construction means that no comparison, limit or list can be dodged by writing an
/// address in its other form.
public struct IPAddress: Hashable, Sendable {
  /// The 128 bits; an IPv4 address stands in the mapped form `::ffff:a.b.c.d`.
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(v4 address: UInt32) {
    self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(address))
  }

  /// 0.0.0.0.
  public static var unspecified: IPAddress { IPAddress(v4: 0) }

  /// Whether this is an IPv4 address, in whichever form it was given.
  public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// The network of `length` bits that this address is in, by the address's own family's length.
  public func masked(to length: Int) -> IPAddress {
    let bits = isV4 ? length + 96 : length
    if bits >= 128 { return self }
    if bits >= 64 {
      return IPAddress(high: high, low: bits == 64 ? 0 : low & (~0 << UInt64(128 - bits)))
    }
    return IPAddress(high: bits <= 0 ? 0 : high & (~0 << UInt64(64 - bits)), low: 0)
  }

  /// What an abuser of one line holds: the address in IPv4, the /64 in IPv6.
  public var limitKey: IPAddress { isV4 ? self : masked(to: 64) }

  /// Whether this is the machine itself: 127.0.0.0/8 or ::1.
  public var isLoopback: Bool { isV4 ? (low >> 24) & 0xFF == 127 : high == 0 && low == 1 }
}

extension IPAddress {
  /// Reads dotted decimal (four parts, no leading zeros) or RFC 4291 §2.2 text. No zone, no port.
  public init?(_ text: Span<UInt8>) {
    var hasColon = false
    for index in text.indices where text[index] == UInt8(ascii: ":") { hasColon = true }
    if !hasColon {
      guard let v4 = IPAddress.parseV4(text) else { return nil }
      self.init(v4: v4)
      return
    }
    guard let (high, low) = IPAddress.parseV6(text) else { return nil }
    self.init(high: high, low: low)
  }

  /// Reads `text` by the same rules.
  public init?(_ text: String) { self.init(text.utf8.span) }

  private static func parseV4(_ text: Span<UInt8>) -> UInt32? {
    var parts = 0
    var value: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    for index in text.indices {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        guard digits > 0, parts < 3 else { return nil }
        value = value << 8 | part
        parts += 1
        part = 0
        digits = 0
      } else {
        guard ASCII.isDigit(byte), digits < 3, !(digits > 0 && part == 0) else { return nil }
        part = part * 10 + UInt32(byte - 0x30)
        guard part <= 255 else { return nil }
        digits += 1
      }
    }
    return parts == 3 && digits > 0 ? value << 8 | part : nil
  }

  private static func parseV6(_ text: Span<UInt8>) -> (UInt64, UInt64)? {
    var groups = InlineArray<8, UInt16>(repeating: 0)
    var count = 0
    var gap = -1
    var at = 0
    if text.count >= 2, text[0] == 0x3A {
      guard text[1] == 0x3A else { return nil }
      gap = 0
      at = 2
    }
    while at < text.count {
      guard count < 8 else { return nil }
      var end = at
      var isV4 = false
      while end < text.count, text[end] != 0x3A {
        if text[end] == UInt8(ascii: ".") { isV4 = true }
        end += 1
      }
      if isV4 {
        guard end == text.count, count <= 6, let v4 = parseV4(text.extracting(at..<end)) else {
          return nil
        }
        groups[count] = UInt16(v4 >> 16)
        groups[count + 1] = UInt16(v4 & 0xFFFF)
        count += 2
        at = end
        break
      }
      guard end > at, end - at <= 4 else { return nil }
      var group: UInt16 = 0
      for index in at..<end {
        guard let digit = ASCII.hexValue(text[index]) else { return nil }
        group = group << 4 | UInt16(digit)
      }
      groups[count] = group
      count += 1
      at = end
      if at < text.count {
        at += 1
        if at == text.count { return nil }
        if text[at] == 0x3A {
          guard gap < 0 else { return nil }
          gap = count
          at += 1
        }
      }
    }
    guard gap >= 0 ? count < 8 : count == 8 else { return nil }
    return assemble(groups, count: count, gap: gap)
  }

  private static func assemble(
    _ groups: InlineArray<8, UInt16>, count: Int, gap: Int
  ) -> (UInt64, UInt64) {
    var (high, low) = (UInt64(0), UInt64(0))
    for place in 0..<8 {
      var group: UInt16 = 0
      if gap < 0 || place < gap {
        group = groups[place]
      } else if place >= 8 - (count - gap) {
        group = groups[place - (8 - count)]
      }
      if place < 4 { high = high << 16 | UInt64(group) } else { low = low << 16 | UInt64(group) }
    }
    return (high, low)
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or RFC 5952 text.
  public var description: String {
    var buffer = ByteBuffer(capacity: 48)
    write(into: &buffer)
    return String(decoding: buffer.storage[..<buffer.writeIndex], as: UTF8.self)
  }

  /// Appends the text form without allocating.
  public func write(into buffer: inout ByteBuffer) {
    if isV4 {
      for place in 0..<4 {
        if place > 0 { buffer.append(UInt8(ascii: ".")) }
        buffer.append(decimal: UInt((low >> UInt64(24 - 8 * place)) & 0xFF))
      }
      return
    }
    let (gapStart, gapCount) = longestZeroRun
    var place = 0
    while place < 8 {
      if gapCount > 1, place == gapStart {
        buffer.append("::")
        place += gapCount
        continue
      }
      if place > 0, !(gapCount > 1 && place == gapStart + gapCount) {
        buffer.append(UInt8(ascii: ":"))
      }
      buffer.append(hexadecimal: UInt(group(place)))
      place += 1
    }
  }

  private func group(_ place: Int) -> UInt64 {
    let half = place < 4 ? high : low
    return (half >> UInt64(16 * (3 - place % 4))) & 0xFFFF
  }

  private var longestZeroRun: (start: Int, count: Int) {
    var best = (start: 0, count: 0)
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, group(end) == 0 { end += 1 }
      if end - start > best.count { best = (start, end - start) }
      start = max(end, start + 1)
    }
    return best
  }
}
