import Base

/// Reads one JSON value, strictly: no comments, no trailing commas, no name twice in an object.
struct JSONReader {
  /// How deep arrays and objects may be nested.
  static let depthMax = 16

  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that is all of the text.
  mutating func readAll() -> JSONValue? {
    guard let value = readValue(depth: 0) else { return nil }
    skipSpace()
    return at == bytes.count ? value : nil
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func takeWord(_ word: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[at...].starts(with: word.utf8) else { return nil }
    at += word.utf8.count
    return value
  }

  private mutating func readValue(depth: Int) -> JSONValue? {
    guard depth <= JSONReader.depthMax else { return nil }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return readObject(depth: depth)
    case UInt8(ascii: "["): return readArray(depth: depth)
    case UInt8(ascii: "\""): return readText().map { .text($0) }
    case UInt8(ascii: "t"): return takeWord("true", .boolean(true))
    case UInt8(ascii: "f"): return takeWord("false", .boolean(false))
    case UInt8(ascii: "n"): return takeWord("null", .null)
    default: return readNumber()
    }
  }

  private mutating func readArray(depth: Int) -> JSONValue? {
    at += 1
    var values: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat {
      guard let value = readValue(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .array(values) : nil
  }

  private mutating func readObject(depth: Int) -> JSONValue? {
    at += 1
    var members: [(name: String, value: JSONValue)] = []
    var names: Set<String> = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\""), let name = readText(), names.insert(name).inserted,
        take(UInt8(ascii: ":")), let value = readValue(depth: depth + 1)
      else { return nil }
      members.append((name, value))
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  // MARK: Numbers

  /// RFC 8259 §6: no leading zeros, no plus, no lone point.
  private mutating func readNumber() -> JSONValue? {
    let start = at
    if next == UInt8(ascii: "-") { at += 1 }
    let whole = takeDigits()
    guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else {
      return nil
    }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      at += 1
      isWhole = false
      if takeDigits().isEmpty { return nil }
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
      at += 1
      isWhole = false
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
      if takeDigits().isEmpty { return nil }
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
  }

  private mutating func takeDigits() -> ArraySlice<UInt8> {
    let digits = bytes[at...].prefix { $0 &- 0x30 < 10 }
    at = digits.endIndex
    return digits
  }

  // MARK: Strings

  private mutating func readText() -> String? {
    at += 1
    var content: [UInt8] = []
    while let byte = next {
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = readEscape() else { return nil }
        content += Array(String(Character(scalar)).utf8)
      case 0..<0x20: return nil
      default: content.append(byte)
      }
    }
    return nil
  }

  private mutating func readEscape() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return readUnicodeEscape()
    default: return nil
    }
  }

  /// One code unit, or two that are a surrogate pair; a lone surrogate is no character.
  private mutating func readUnicodeEscape() -> Unicode.Scalar? {
    guard let high = readCodeUnit() else { return nil }
    guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
    guard bytes[at...].starts(with: "\\u".utf8) else { return nil }
    at += 2
    guard let low = readCodeUnit(), (0xDC00..<0xE000).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func readCodeUnit() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = ASCII.hexValue(byte) else { return nil }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}
