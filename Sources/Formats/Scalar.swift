/// What the text of a scalar means by the core schema of YAML (1.2.2 §10.3.2).
public enum Scalar: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)

  /// Reads `text`; if it was quoted, it is text whatever it looks like. `yes`, `no`, `on` and `off`
  /// are text too.
  public init(_ text: String, isQuoted: Bool = false) {
    self = isQuoted ? .text(text) : Scalar.resolve(text)
  }

  private static func resolve(_ text: String) -> Scalar {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: break
    }
    guard let first = text.utf8.first, first < 0x3A else { return .text(text) }
    return number(text) ?? .text(text)
  }

  /// A number, or nil: base 10 with sign, `0x`, `0o`, or a decimal fraction with exponent.
  private static func number(_ text: String) -> Scalar? {
    if text.hasPrefix("0x") { return based(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return based(text.dropFirst(2), radix: 8) }
    guard let isWhole = decimalForm(text) else { return nil }
    if isWhole, let value = Int(text) { return .integer(value) }
    return Double(text).map { .number($0) }
  }

  private static func based(_ digits: Substring, radix: Int) -> Scalar? {
    guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+")
    else { return nil }
    return Int(digits, radix: radix).map { .integer($0) }
  }

  /// Whether `text` has the form of a whole number (true) or a fraction (false); nil if of neither.
  private static func decimalForm(_ text: String) -> Bool? {
    var rest = text.utf8[...]
    func takeDigits() -> Int {
      let count = rest.prefix { $0 &- 0x30 < 10 }.count
      rest = rest.dropFirst(count)
      return count
    }
    func takeSign() {
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
    }
    takeSign()
    var digits = takeDigits()
    if rest.isEmpty { return digits > 0 ? true : nil }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      digits += takeDigits()
    }
    guard digits > 0 else { return nil }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      takeSign()
      guard takeDigits() > 0 else { return nil }
    }
    return rest.isEmpty ? false : nil
  }
}
