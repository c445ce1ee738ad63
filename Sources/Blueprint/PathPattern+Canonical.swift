import Base

extension PathPattern {
  /// Longest pattern, in bytes: half of what a target may have.
  static let bytesMax = 4096

  /// Most parameters of a template: more is a mistake, and each costs the router a branch.
  static let parametersMax = 16

  /// `text` with percent-encoding in its one form; what no canonical path can match is refused.
  static func canonical(_ text: String, isTemplate: Bool) throws(Failure) -> String {
    guard text.hasPrefix("/") else {
      throw Failure(message: "does not begin with a slash", expected: "a path such as /shop")
    }
    guard text.utf8.count <= bytesMax else {
      throw Failure(message: "is too long", expected: "at most \(bytesMax) bytes")
    }
    var result = ""
    var names: Set<String> = []
    let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (place, segment) in segments.enumerated() {
      if segment.isEmpty, place < segments.count - 1 {
        throw Failure(message: "has an empty segment", expected: "single slashes")
      }
      result += "/"
      if isTemplate, segment.hasPrefix("{"), segment.hasSuffix("}") {
        let name = segment.dropFirst().dropLast()
        try check(parameter: name, &names)
        result += segment
      } else {
        let plain = try canonical(segment: segment)
        if plain == "." || plain == ".." {
          throw Failure(message: "has a dot segment", expected: "the path that it leads to")
        }
        result += plain
      }
    }
    return result
  }

  private static func check(
    parameter name: Substring, _ names: inout Set<String>
  ) throws(Failure) {
    let isName = name.utf8.allSatisfy {
      ASCII.isAlpha($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
    guard isName, (1...64).contains(name.utf8.count) else {
      throw Failure(
        message: "has a parameter with a bad name", expected: "letters, digits, '_' and '-'")
    }
    guard names.insert(String(name)).inserted else {
      throw Failure(message: "has two parameters of one name", expected: "different names")
    }
    guard names.count <= parametersMax else {
      throw Failure(message: "has too many parameters", expected: "at most \(parametersMax)")
    }
  }

  private static func canonical(segment: Substring) throws(Failure) -> String {
    var result = ""
    var rest = segment.utf8[...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "%") {
        result += try canonical(encoded: rest.prefix(2))
        rest = rest.dropFirst(2)
        continue
      }
      try check(byte)
      result.unicodeScalars.append(Unicode.Scalar(byte))
    }
    return result
  }

  private static func check(_ byte: UInt8) throws(Failure) {
    switch byte {
    case UInt8(ascii: "*"):
      throw Failure(
        message: "has a '*'", expected: "a prefix without it, or {name} for one segment")
    case UInt8(ascii: "{"), UInt8(ascii: "}"):
      throw Failure(
        message: "has a brace within a segment", expected: "a whole segment {name}")
    case UInt8(ascii: "?"), UInt8(ascii: "#"):
      throw Failure(message: "has a query or fragment", expected: "a path alone")
    case 0x80...:
      throw Failure(
        message: "has a character beyond ASCII", expected: "its UTF-8 bytes as %XX")
    default:
      if !ASCII.isPathCharacter(byte) {
        throw Failure(
          message: "has a character that no path may hold", expected: "it encoded as %XX")
      }
    }
  }

  /// The one form of an encoded byte. Those that act as a delimiter somewhere are refused, since
  /// servers disagree on them.
  private static func canonical(encoded digits: Substring.UTF8View) throws(Failure) -> String {
    guard digits.count == 2, let high = digits.first.flatMap(ASCII.hexValue),
      let low = digits.last.flatMap(ASCII.hexValue)
    else { throw Failure(message: "has a bad percent-encoding", expected: "%XX") }
    let byte = high << 4 | low
    let shown = "%" + String(Substring(digits)).uppercased()
    switch byte {
    case 0..<0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "%"),
      UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: ";"):
      throw Failure(
        message: "has \(shown), which servers read differently", expected: "a path without it")
    default:
      return ASCII.isUnreserved(byte) ? String(Unicode.Scalar(byte)) : shown
    }
  }
}
