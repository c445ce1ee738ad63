import Base

/// Writes structured fields in their one form (RFC 9651 §4.1).
public enum StructuredFieldWriter {
  /// A list of members.
  public static func text(_ members: [StructuredMember]) -> String? {
    joined(members.map(text), ", ")
  }

  /// A dictionary.
  public static func text(_ members: [(key: String, value: StructuredMember)]) -> String? {
    joined(
      members.map { key, value in
        guard isKey(key) else { return nil }
        if case .item(let item) = value, item.value == .boolean(true) {
          return text(item.parameters).map { key + $0 }
        }
        return text(value).map { "\(key)=\($0)" }
      }, ", ")
  }

  /// A member; nil if there is a value that has no such form.
  public static func text(_ member: StructuredMember) -> String? {
    switch member {
    case .item(let item): return text(item)
    case .list(let items, let parameters):
      guard let inner = joined(items.map(text), " "), let behind = text(parameters) else {
        return nil
      }
      return "(\(inner))\(behind)"
    }
  }

  /// An item.
  public static func text(_ item: StructuredItem) -> String? {
    guard let value = text(item.value), let behind = text(item.parameters) else { return nil }
    return value + behind
  }

  /// Parameters, each behind a semicolon.
  public static func text(_ parameters: [StructuredItem.Parameter]) -> String? {
    joined(
      parameters.map { parameter in
        guard isKey(parameter.key) else { return nil }
        if parameter.value == .boolean(true) { return ";\(parameter.key)" }
        return text(parameter.value).map { ";\(parameter.key)=\($0)" }
      }, "")
  }

  /// A bare item.
  public static func text(_ value: StructuredValue) -> String? {
    switch value {
    case .integer(let number): return number.magnitude < 1_000_000_000_000_000 ? "\(number)" : nil
    case .decimal(let thousandths): return decimal(thousandths)
    case .string(let text): return quoted(text)
    case .token(let text): return isToken(text) ? text : nil
    case .bytes(let bytes): return ":\(Base64.encode(bytes.span, .standard)):"
    case .boolean(let value): return value ? "?1" : "?0"
    case .date(let seconds): return seconds.magnitude < 1_000_000_000_000_000 ? "@\(seconds)" : nil
    case .display(let text): return display(text)
    }
  }

  private static func joined(_ parts: [String?], _ separator: String) -> String? {
    let whole = parts.compactMap { $0 }
    return whole.count == parts.count ? whole.joined(separator: separator) : nil
  }

  private static func decimal(_ thousandths: Int) -> String? {
    guard thousandths.magnitude < 1_000_000_000_000_000 else { return nil }
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
    var digits = Array("\(rest + 1000)".dropFirst())
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return "\(thousandths < 0 ? "-" : "")\(whole).\(String(digits))"
  }

  private static func quoted(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func display(_ text: String) -> String {
    var written = "%\""
    for byte in text.utf8 {
      if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\"") || !(0x20...0x7E).contains(byte) {
        let digits = String(byte, radix: 16)
        written += "%" + (digits.count < 2 ? "0" : "") + digits
      } else {
        written.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return written + "\""
  }

  private static func isKey(_ key: String) -> Bool {
    guard let first = key.utf8.first, (0x61...0x7A).contains(first) || first == UInt8(ascii: "*")
    else { return false }
    return key.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || ASCII.isDigit($0) || "_-.*".utf8.contains($0)
    }
  }

  private static func isToken(_ text: String) -> Bool {
    guard let first = text.utf8.first, ASCII.isAlpha(first) || first == UInt8(ascii: "*") else {
      return false
    }
    return text.utf8.allSatisfy {
      ASCII.isToken($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/")
    }
  }
}
