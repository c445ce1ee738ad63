import Base

/// Which media types are meant: `type/subtype`, `type/*`, or `*/*+suffix` (RFC 9110 §12.5.1).
struct MediaTypeRules: Sendable {
  private var exact: [[UInt8]] = []
  /// With the slash behind.
  private var main: [[UInt8]] = []
  /// With the plus before.
  private var suffixes: [[UInt8]] = []

  /// Rules in lower or upper case; those that are none are told to `refuse`.
  init(_ rules: [String], refuse: (String) -> Void) {
    for rule in rules {
      let text = Array(rule.lowercased().utf8)
      let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      let isWell =
        parts.count == 2
        && parts.allSatisfy { part in
          !part.isEmpty && part.allSatisfy(ASCII.isToken)
        }
      if !isWell {
        refuse(rule)
      } else if rule.hasPrefix("*/*+"), text.count > 4, !text[4...].contains(UInt8(ascii: "*")) {
        suffixes.append(Array(text[3...]))
      } else if rule.hasSuffix("/*"), !parts[0].contains(UInt8(ascii: "*")) {
        main.append(Array(text.dropLast()))
      } else if text.contains(UInt8(ascii: "*")) {
        refuse(rule)
      } else {
        exact.append(text)
      }
    }
  }

  /// Whether the type of a `Content-Type` is meant, whatever its parameters.
  func match(_ value: Span<UInt8>) -> Bool {
    var end = 0
    while end < value.count, ASCII.isToken(value[end]) || value[end] == UInt8(ascii: "/") {
      end += 1
    }
    let type = value.extracting(first: end)
    for rule in exact where MediaTypeRules.equals(type, rule.span) { return true }
    for rule in main
    where type.count > rule.count
      && MediaTypeRules.equals(type.extracting(first: rule.count), rule.span)
    {
      return true
    }
    for rule in suffixes
    where type.count > rule.count
      && MediaTypeRules.equals(type.extracting(last: rule.count), rule.span)
    {
      return true
    }
    return false
  }

  /// Whether two are the same; the second is in lower case.
  private static func equals(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    if left.count != right.count { return false }
    for index in left.indices where ASCII.lowercased(left[index]) != right[index] { return false }
    return true
  }
}
