/// Sets that `\p{…}` names: general categories and a few binary properties (ECMA-262 §22.2.1).
extension ScalarSet {
  private static let binaryProperties: Set<String> = [
    "Any", "ASCII", "Alphabetic", "Alpha", "Uppercase", "Upper", "Lowercase", "Lower",
    "White_Space", "space", "Emoji",
  ]

  private static func plainName(_ name: String) -> String {
    name.hasPrefix("General_Category=")
      ? String(name.dropFirst(17))
      : name.hasPrefix("gc=") ? String(name.dropFirst(3)) : name
  }

  /// Whether a property is known here.
  static func isKnown(property name: String) -> Bool {
    let plain = plainName(name)
    return binaryProperties.contains(plain) || categories[plain] != nil
  }

  /// The set of a property, by its short or long name; nil if it is not known here. It goes through
  /// all scalars, some milliseconds' work.
  init?(property name: String) {
    let plain = ScalarSet.plainName(name)
    switch plain {
    case "Any": self = .all
    case "ASCII": self = ScalarSet([0...0x7F])
    case "Alphabetic", "Alpha": self = .where { $0.isAlphabetic }
    case "Uppercase", "Upper": self = .where { $0.isUppercase }
    case "Lowercase", "Lower": self = .where { $0.isLowercase }
    case "White_Space", "space": self = .where { $0.isWhitespace }
    case "Emoji": self = .where { $0.isEmoji }
    default:
      guard let categories = ScalarSet.categories[plain] else { return nil }
      self = .where { categories.contains($0.generalCategory) }
    }
  }

  private static func `where`(_ holds: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
    var ranges: [ClosedRange<UInt32>] = []
    var start: UInt32?
    for value in 0...last + 1 {
      let isIn = value <= last && Unicode.Scalar(value).map { holds($0.properties) } ?? false
      if isIn {
        start = start ?? value
      } else if let first = start {
        ranges.append(first...value - 1)
        start = nil
      }
    }
    return ScalarSet(ranges)
  }

  private static let letters: Set<Unicode.GeneralCategory> = [
    .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
  ]
  private static let marks: Set<Unicode.GeneralCategory> = [
    .nonspacingMark, .spacingMark, .enclosingMark,
  ]
  private static let numbers: Set<Unicode.GeneralCategory> = [
    .decimalNumber, .letterNumber, .otherNumber,
  ]
  private static let punctuation: Set<Unicode.GeneralCategory> = [
    .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
    .initialPunctuation, .finalPunctuation, .otherPunctuation,
  ]
  private static let symbols: Set<Unicode.GeneralCategory> = [
    .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
  ]
  private static let separators: Set<Unicode.GeneralCategory> = [
    .spaceSeparator, .lineSeparator, .paragraphSeparator,
  ]

  private static let categories: [String: Set<Unicode.GeneralCategory>] = [
    "L": letters, "Letter": letters, "M": marks, "Mark": marks, "N": numbers, "Number": numbers,
    "P": punctuation, "Punctuation": punctuation, "punct": punctuation, "S": symbols,
    "Symbol": symbols, "Z": separators, "Separator": separators,
    "Lu": [.uppercaseLetter], "Uppercase_Letter": [.uppercaseLetter],
    "Ll": [.lowercaseLetter], "Lowercase_Letter": [.lowercaseLetter],
    "Lt": [.titlecaseLetter], "Titlecase_Letter": [.titlecaseLetter],
    "Lm": [.modifierLetter], "Modifier_Letter": [.modifierLetter],
    "Lo": [.otherLetter], "Other_Letter": [.otherLetter],
    "Mn": [.nonspacingMark], "Nonspacing_Mark": [.nonspacingMark],
    "Mc": [.spacingMark], "Spacing_Mark": [.spacingMark],
    "Me": [.enclosingMark], "Enclosing_Mark": [.enclosingMark],
    "Nd": [.decimalNumber], "Decimal_Number": [.decimalNumber], "digit": [.decimalNumber],
    "Nl": [.letterNumber], "Letter_Number": [.letterNumber],
    "No": [.otherNumber], "Other_Number": [.otherNumber],
    "Pc": [.connectorPunctuation], "Pd": [.dashPunctuation], "Ps": [.openPunctuation],
    "Pe": [.closePunctuation], "Pi": [.initialPunctuation], "Pf": [.finalPunctuation],
    "Po": [.otherPunctuation], "Sm": [.mathSymbol], "Sc": [.currencySymbol],
    "Currency_Symbol": [.currencySymbol], "Sk": [.modifierSymbol], "So": [.otherSymbol],
    "Zs": [.spaceSeparator], "Zl": [.lineSeparator], "Zp": [.paragraphSeparator],
    "Cc": [.control], "Control": [.control], "Cf": [.format], "Format": [.format],
  ]
}
