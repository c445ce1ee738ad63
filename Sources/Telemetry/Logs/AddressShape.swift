import Base

/// Addresses of e-mail as they stand in paths and queries: `@`, or its escape, between a local part
/// and a name of two labels or more that ends in letters.
enum AddressShape {
  private static let localBytesMax = 64
  private static let domainBytesMax = 253

  /// Where the sign that stands here ends; `at` if none does.
  static func end(ofSign text: Span<UInt8>, _ at: Int) -> Int {
    if text[at] == UInt8(ascii: "@") { return at + 1 }
    let isEscape =
      at + 2 < text.count && text[at] == UInt8(ascii: "%") && text[at + 1] == UInt8(ascii: "4")
      && text[at + 2] == UInt8(ascii: "0")
    return isEscape ? at + 3 : at
  }

  /// The address whose sign stands here; nil if there is none that begins at `least` or later.
  static func address(
    in text: Span<UInt8>, around sign: Range<Int>, from least: Int
  ) -> Range<Int>? {
    var start = sign.lowerBound
    let bound = max(least, sign.lowerBound - localBytesMax)
    while start > bound, isLocal(text[start - 1]) { start -= 1 }
    guard start < sign.lowerBound else { return nil }
    let most = min(text.count, sign.upperBound + domainBytesMax)
    var end = sign.upperBound
    var dot = -1
    while end < most, isDomain(text[end]) {
      if text[end] == UInt8(ascii: ".") { dot = end }
      end += 1
    }
    // A final dot belongs to the sentence.
    if dot == end - 1, dot > sign.upperBound {
      end = dot
      dot = -1
      for place in sign.upperBound..<end where text[place] == UInt8(ascii: ".") { dot = place }
    }
    guard dot > sign.upperBound, end - dot > 2 else { return nil }
    for place in dot + 1..<end where !ASCII.isAlpha(text[place]) { return nil }
    return start..<end
  }

  /// What the local part may hold and does not part the pieces of a URI: escapes among it.
  private static func isLocal(_ byte: UInt8) -> Bool {
    if ASCII.isAlpha(byte) || ASCII.isDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: "'"):
      return true
    default: return byte >= 0x80
    }
  }

  private static func isDomain(_ byte: UInt8) -> Bool {
    ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }
}
