/// Which kinds of bytes a text holds: what a transformation cannot change need not be tried.
struct TextTraits: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  static var upper: TextTraits { TextTraits(rawValue: 1) }
  static var percent: TextTraits { TextTraits(rawValue: 1 << 1) }
  static var plus: TextTraits { TextTraits(rawValue: 1 << 2) }
  static var ampersand: TextTraits { TextTraits(rawValue: 1 << 3) }
  static var backslash: TextTraits { TextTraits(rawValue: 1 << 4) }
  static var space: TextTraits { TextTraits(rawValue: 1 << 5) }
  /// White space other than a blank, and control characters.
  static var control: TextTraits { TextTraits(rawValue: 1 << 6) }
  static var zero: TextTraits { TextTraits(rawValue: 1 << 7) }
  static var slash: TextTraits { TextTraits(rawValue: 1 << 8) }
  static var dot: TextTraits { TextTraits(rawValue: 1 << 9) }
  static var quote: TextTraits { TextTraits(rawValue: 1 << 10) }
  /// `^`, `,`, `;` and what else a command line's normal form lacks.
  static var shell: TextTraits { TextTraits(rawValue: 1 << 11) }
  /// `<`, `>`, `!`, `-`, `#`, `*`: what comments are made of.
  static var comment: TextTraits { TextTraits(rawValue: 1 << 12) }
  static var foreign: TextTraits { TextTraits(rawValue: 1 << 13) }
  /// `=`, `(`, `)`, `|`, `$`, `{` and other signs.
  static var sign: TextTraits { TextTraits(rawValue: 1 << 14) }
  static var digit: TextTraits { TextTraits(rawValue: 1 << 15) }
  static var lower: TextTraits { TextTraits(rawValue: 1 << 16) }
  static var dash: TextTraits { TextTraits(rawValue: 1 << 17) }
  static var colon: TextTraits { TextTraits(rawValue: 1 << 18) }

  static var all: TextTraits { TextTraits(rawValue: .max) }

  /// The traits of each byte, for `of`.
  static let table: [UInt32] = (0..<256).map { of(UInt8($0)).rawValue }

  /// The traits of a text, with a table at hand or without one.
  static func of(_ text: Span<UInt8>) -> TextTraits {
    let table = TextTraits.table
    return of(text, table.span)
  }

  static func of(_ text: Span<UInt8>, _ table: Span<UInt32>) -> TextTraits {
    var bits: UInt32 = 0
    for at in text.indices { bits |= table[Int(text[at])] }
    return TextTraits(rawValue: bits)
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
    case UInt8(ascii: "%"): [.percent, .sign]
    case UInt8(ascii: "+"): [.plus]
    case UInt8(ascii: "&"): [.ampersand, .sign]
    case UInt8(ascii: "\\"): [.backslash, .shell]
    case UInt8(ascii: "/"): [.slash]
    case UInt8(ascii: "."): [.dot]
    case UInt8(ascii: "'"), UInt8(ascii: "\""): [.quote, .shell]
    case UInt8(ascii: "`"): [.quote, .sign]
    case UInt8(ascii: "^"), UInt8(ascii: ","), UInt8(ascii: ";"): [.shell, .sign]
    case UInt8(ascii: "-"): [.comment, .dash]
    case UInt8(ascii: "#"), UInt8(ascii: "*"): [.comment, .sign]
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"): [.comment, .sign]
    case UInt8(ascii: ":"): [.colon]
    case UInt8(ascii: "_"), UInt8(ascii: "~"): []
    default: [.sign]
    }
  }
}
