/// Which kinds of bytes a text holds: one bit for each mark of ASCII, and one for each kind of the
/// others. What a step cannot change need not be tried, and what a pattern lacks cannot match.
struct TextTraits: OptionSet, Hashable, Sendable {
  let rawValue: UInt64

  // Marks have the bits from 0 to 31, in the order of ASCII.
  static var upper: TextTraits { TextTraits(rawValue: 1 << 32) }
  static var lower: TextTraits { TextTraits(rawValue: 1 << 33) }
  static var digit: TextTraits { TextTraits(rawValue: 1 << 34) }
  static var space: TextTraits { TextTraits(rawValue: 1 << 35) }
  /// White space other than a blank, and control characters.
  static var control: TextTraits { TextTraits(rawValue: 1 << 36) }
  static var zero: TextTraits { TextTraits(rawValue: 1 << 37) }
  /// Beyond ASCII.
  static var foreign: TextTraits { TextTraits(rawValue: 1 << 38) }
  /// Blanks at an end, or more than one together.
  static var wideSpace: TextTraits { TextTraits(rawValue: 1 << 39) }

  /// What every text has, one of no bytes too.
  static var any: TextTraits { TextTraits(rawValue: 1 << 40) }

  static var percent: TextTraits { mark("%") }
  static var plus: TextTraits { mark("+") }
  static var ampersand: TextTraits { mark("&") }
  static var backslash: TextTraits { mark("\\") }
  static var slash: TextTraits { mark("/") }
  static var dot: TextTraits { mark(".") }
  static var colon: TextTraits { mark(":") }
  static var parenthesis: TextTraits { mark("(") }
  static let quote = marks("'\"`")
  /// What a command line's normal form lacks.
  static let shell = marks("\\'\"^,;")
  /// What comments are made of.
  static let comment = marks("-#*<>!")
  /// Signs of operators, brackets and their like.
  static let sign = marks("%&`^,;#*<>!=()|$[]{}?@")

  static var all: TextTraits { TextTraits(rawValue: .max) }

  private static func mark(_ byte: Unicode.Scalar) -> TextTraits {
    of(UInt8(truncatingIfNeeded: byte.value))
  }

  private static func marks(_ text: String) -> TextTraits {
    text.utf8.reduce(into: []) { $0.formUnion(of($1)) }
  }

  /// The traits of each byte, for `of`.
  static let table: [UInt64] = (0..<256).map { of(UInt8($0)).rawValue }

  /// The traits of a text, with a table at hand or without one.
  static func of(_ text: Span<UInt8>) -> TextTraits {
    let table = TextTraits.table
    return of(text, table.span)
  }

  static func of(_ text: Span<UInt8>, _ table: Span<UInt64>) -> TextTraits {
    var bits: UInt64 = 0
    for at in text.indices { bits |= table[Int(text[at])] }
    let traits = TextTraits(rawValue: bits).union(.any)
    return traits.contains(.space) && isWide(text) ? traits.union(.wideSpace) : traits
  }

  private static func isWide(_ text: Span<UInt8>) -> Bool {
    var before: UInt8 = 0x20
    for at in text.indices {
      let byte = text[at]
      if byte == 0x20, before == 0x20 { return true }
      before = byte
    }
    return before == 0x20
  }

  /// The traits of texts that hold one of `bytes`.
  static func of(_ bytes: ByteSet) -> TextTraits {
    (UInt8.min...UInt8.max).reduce(into: []) { traits, byte in
      if bytes.contains(byte) { traits.formUnion(of(byte)) }
    }
  }

  private static func of(_ byte: UInt8) -> TextTraits {
    switch byte {
    case 0: [.zero, .control]
    case 0x01...0x1F, 0x7F: [.control]
    case 0x20: [.space]
    case 0x80...0xFF: [.foreign]
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): [.upper]
    case UInt8(ascii: "a")...UInt8(ascii: "z"): [.lower]
    case UInt8(ascii: "0")...UInt8(ascii: "9"): [.digit]
    case 0x21...0x2F: TextTraits(rawValue: 1 << UInt64(byte - 0x21))
    case 0x3A...0x40: TextTraits(rawValue: 1 << UInt64(byte - 0x3A + 15))
    case 0x5B...0x60: TextTraits(rawValue: 1 << UInt64(byte - 0x5B + 22))
    default: TextTraits(rawValue: 1 << UInt64(byte - 0x7B + 28))
    }
  }
}
