import Base

/// Reads structured fields (RFC 9651 §4.2, which is RFC 8941 with dates and text beyond ASCII).
///
/// Strict where the specification leaves a choice: base64 has its padding, and no bits beyond it.
/// The lines of a field are joined with commas before.
public struct StructuredFieldParser: ~Copyable, ~Escapable {
  /// Most members of a list, of an inner list, or of a dictionary, and most parameters of one item:
  /// parsers must take 1024, 256 and 256 (RFC 9651 §3).
  private static let membersMax = 1024
  private static let innerMax = 256
  /// Longest field, in bytes.
  private static let bytesMax = 64 * 1024

  private let text: Span<UInt8>
  private var at = 0

  @_lifetime(copy text)
  private init(_ text: Span<UInt8>) { self.text = text }

  // MARK: Whole fields

  /// A field that is one item.
  public static func item(_ text: Span<UInt8>) throws(StructuredFieldError) -> StructuredItem {
    var parser = try begin(text)
    let item = try parser.item()
    try parser.end()
    return item
  }

  /// A field that is a list; an empty one has no members.
  public static func list(_ text: Span<UInt8>) throws(StructuredFieldError) -> [StructuredMember] {
    var parser = try begin(text)
    var members: [StructuredMember] = []
    while parser.at < text.count {
      guard members.count < membersMax else { throw parser.fault }
      members.append(try parser.member())
      if try !parser.continues() { break }
    }
    try parser.end()
    return members
  }

  /// A field that is a dictionary, in the order of its keys; the last value of a key counts.
  public static func dictionary(
    _ text: Span<UInt8>
  ) throws(StructuredFieldError) -> [(key: String, value: StructuredMember)] {
    var parser = try begin(text)
    var members: [(key: String, value: StructuredMember)] = []
    while parser.at < text.count {
      guard members.count < membersMax else { throw parser.fault }
      let key = try parser.key()
      var value: StructuredMember
      if parser.takes(UInt8(ascii: "=")) {
        value = try parser.member()
      } else {
        value = .item(StructuredItem(.boolean(true), try parser.parameters()))
      }
      if let place = members.firstIndex(where: { $0.key == key }) {
        members[place].value = value
      } else {
        members.append((key, value))
      }
      if try !parser.continues() { break }
    }
    try parser.end()
    return members
  }

  @_lifetime(copy text)
  private static func begin(
    _ text: Span<UInt8>
  ) throws(StructuredFieldError) -> StructuredFieldParser {
    var parser = StructuredFieldParser(text)
    guard text.count <= bytesMax else { throw parser.fault }
    parser.skipSpaces()
    return parser
  }

  // MARK: Parts

  private var fault: StructuredFieldError { StructuredFieldError(offset: at) }

  private var next: UInt8? { at < text.count ? text[at] : nil }

  private mutating func takes(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func skipSpaces() { while next == 0x20 { at += 1 } }

  private mutating func end() throws(StructuredFieldError) {
    skipSpaces()
    guard at == text.count else { throw fault }
  }

  /// Whether another member follows: behind a comma there has to be one.
  private mutating func continues() throws(StructuredFieldError) -> Bool {
    while next == 0x20 || next == 0x09 { at += 1 }
    if at == text.count { return false }
    guard takes(UInt8(ascii: ",")) else { throw fault }
    while next == 0x20 || next == 0x09 { at += 1 }
    guard at < text.count else { throw fault }
    return true
  }

  private mutating func member() throws(StructuredFieldError) -> StructuredMember {
    guard takes(UInt8(ascii: "(")) else { return .item(try item()) }
    var items: [StructuredItem] = []
    while true {
      skipSpaces()
      if takes(UInt8(ascii: ")")) { return .list(items, try parameters()) }
      guard items.count < StructuredFieldParser.innerMax else { throw fault }
      items.append(try item())
      guard next == 0x20 || next == UInt8(ascii: ")") else { throw fault }
    }
  }

  private mutating func item() throws(StructuredFieldError) -> StructuredItem {
    let value = try value()
    return StructuredItem(value, try parameters())
  }

  private mutating func parameters() throws(StructuredFieldError) -> [StructuredItem.Parameter] {
    var parameters: [StructuredItem.Parameter] = []
    while takes(UInt8(ascii: ";")) {
      skipSpaces()
      let key = try key()
      let value = takes(UInt8(ascii: "=")) ? try value() : .boolean(true)
      guard parameters.count < StructuredFieldParser.innerMax else { throw fault }
      if let place = parameters.firstIndex(where: { $0.key == key }) {
        parameters[place] = .init(key, value)
      } else {
        parameters.append(.init(key, value))
      }
    }
    return parameters
  }

  private mutating func key() throws(StructuredFieldError) -> String {
    let start = at
    guard let first = next, StructuredFieldParser.isLower(first) || first == UInt8(ascii: "*")
    else { throw fault }
    while let byte = next, StructuredFieldParser.isKey(byte) { at += 1 }
    return string(start..<at)
  }

  private func string(_ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    for place in range { bytes.append(text[place]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  private static func isKey(_ byte: UInt8) -> Bool {
    isLower(byte) || ASCII.isDigit(byte) || "_-.*".utf8.contains(byte)
  }

  // MARK: Values

  private mutating func value() throws(StructuredFieldError) -> StructuredValue {
    switch next {
    case UInt8(ascii: "\""): return .string(try quoted())
    case UInt8(ascii: ":"): return .bytes(try bytes())
    case UInt8(ascii: "?"): return .boolean(try boolean())
    case UInt8(ascii: "@"):
      at += 1
      guard case .integer(let seconds) = try number() else { throw fault }
      return .date(seconds)
    case UInt8(ascii: "%"): return .display(try display())
    case UInt8(ascii: "-"), .some(0x30...0x39): return try number()
    case UInt8(ascii: "*"), .some(0x41...0x5A), .some(0x61...0x7A): return .token(token())
    default: throw fault
    }
  }

  private mutating func number() throws(StructuredFieldError) -> StructuredValue {
    let isNegative = takes(UInt8(ascii: "-"))
    var (whole, digits) = (0, 0)
    while let byte = next, ASCII.isDigit(byte) {
      guard digits < 15 else { throw fault }
      whole = whole * 10 + Int(byte - 0x30)
      digits += 1
      at += 1
    }
    guard digits > 0 else { throw fault }
    guard takes(UInt8(ascii: ".")) else { return .integer(isNegative ? -whole : whole) }
    guard digits <= 12 else { throw fault }
    var fraction = 0
    var scale = 1000
    while let byte = next, ASCII.isDigit(byte) {
      guard scale > 1 else { throw fault }
      scale /= 10
      fraction += Int(byte - 0x30) * scale
      at += 1
    }
    guard scale < 1000 else { throw fault }
    let thousandths = whole * 1000 + fraction
    return .decimal(thousandths: isNegative ? -thousandths : thousandths)
  }

  private mutating func quoted() throws(StructuredFieldError) -> String {
    at += 1
    var bytes: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        at += 1
        guard let escaped = next, escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
        else { throw fault }
        bytes.append(escaped)
      case 0x20...0x7E: bytes.append(byte)
      default: throw fault
      }
      at += 1
    }
    throw fault
  }

  private mutating func token() -> String {
    let start = at
    at += 1
    while let byte = next,
      ASCII.isToken(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/")
    {
      at += 1
    }
    return string(start..<at)
  }

  private mutating func bytes() throws(StructuredFieldError) -> [UInt8] {
    let start = at + 1
    at = start
    while let byte = next, byte != UInt8(ascii: ":") { at += 1 }
    guard at < text.count, let bytes = Base64.decode(text.extracting(start..<at), .standard) else {
      throw fault
    }
    at += 1
    return bytes
  }

  private mutating func boolean() throws(StructuredFieldError) -> Bool {
    at += 1
    guard let byte = next, byte == 0x30 || byte == 0x31 else { throw fault }
    at += 1
    return byte == 0x31
  }

  private mutating func display() throws(StructuredFieldError) -> String {
    at += 1
    guard takes(UInt8(ascii: "\"")) else { throw fault }
    var bytes: [UInt8] = []
    while let byte = next {
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault }
        return text
      case UInt8(ascii: "%"):
        guard at + 1 < text.count, let high = StructuredFieldParser.lowerHex(text[at]),
          let low = StructuredFieldParser.lowerHex(text[at + 1])
        else { throw fault }
        bytes.append(high << 4 | low)
        at += 2
      case 0x20...0x7E: bytes.append(byte)
      default: throw fault
      }
    }
    throw fault
  }

  private static func lowerHex(_ byte: UInt8) -> UInt8? {
    (0x41...0x46).contains(byte) ? nil : ASCII.hexValue(byte)
  }
}
