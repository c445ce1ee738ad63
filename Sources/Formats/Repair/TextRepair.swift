@_spi(_Unicode) import Swift

/// What may be done to a text so that it has one form.
public enum TextRepair: String, CaseIterable, Sendable {
  /// White space at both ends is left out (Unicode's property White_Space).
  case trim
  /// Characters are composed: Unicode's normalization form C (UAX #15).
  case nfc
  /// The five characters that mean something to HTML are written as references.
  case escapeHTML = "escape-html"

  /// The text afterwards; nil if it is the same.
  public func changed(_ text: [UInt8]) -> [UInt8]? {
    switch self {
    case .trim: TextRepair.trimmed(text)
    case .nfc: TextRepair.composed(text)
    case .escapeHTML: TextRepair.escaped(text)
    }
  }

  private static func trimmed(_ text: [UInt8]) -> [UInt8]? {
    guard let first = text.first, let last = text.last else { return nil }
    // Most texts begin and end with a visible character of ASCII.
    if first > 0x20, first < 0x7F, last > 0x20, last < 0x7F { return nil }
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    var kept = scalars[...]
    while let scalar = kept.first, isSpace(scalar) { kept.removeFirst() }
    while let scalar = kept.last, isSpace(scalar) { kept.removeLast() }
    let bytes = Array(String(kept).utf8)
    return bytes.count == text.count ? nil : bytes
  }

  private static func composed(_ text: [UInt8]) -> [UInt8]? {
    // Characters below U+0300 never change, and combine with none but later ones.
    guard text.contains(where: { $0 >= 0xCC }) else { return nil }
    var scalars = String.UnicodeScalarView()
    for scalar in String(decoding: text, as: UTF8.self)._nfc { scalars.append(scalar) }
    let bytes = Array(String(scalars).utf8)
    return bytes == text ? nil : bytes
  }

  private static func escaped(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var hasChanged = false
    for byte in text {
      let reference: StaticString
      switch byte {
      case UInt8(ascii: "&"): reference = "&amp;"
      case UInt8(ascii: "<"): reference = "&lt;"
      case UInt8(ascii: ">"): reference = "&gt;"
      case UInt8(ascii: "\""): reference = "&quot;"
      case UInt8(ascii: "'"): reference = "&#39;"
      default:
        bytes.append(byte)
        continue
      }
      hasChanged = true
      bytes.append(contentsOf: reference.description.utf8)
    }
    return hasChanged ? bytes : nil
  }
}
