/// The paths of a route, in the canonical form that requests are brought into.
public struct PathPattern: Hashable, Sendable {
  /// How much of a path a pattern is about.
  public enum Kind: Hashable, Sendable {
    /// The path itself and everything below it, on segment bounds: `/shop` is not `/shops`.
    case prefix
    /// This path alone.
    case exact
    /// This path alone, with any one segment, not empty, in place of each `{name}`.
    case template
  }

  /// How much of a path this is about.
  public let kind: Kind
  /// Begins with a slash; a prefix other than `/` does not end with one. Percent-encoding is in
  /// upper case, and unreserved characters are never encoded.
  public let text: String

  /// Why a text is no path pattern, with what would be right.
  public struct Failure: Error {
    /// What is wrong, in words that follow the pattern.
    public let message: String
    /// What would be right.
    public let expected: String?
  }

  /// The pattern that every path matches.
  public static let everything = PathPattern(kind: .prefix, canonical: "/")

  private init(kind: Kind, canonical text: String) {
    self.kind = kind
    self.text = text
  }

  /// The names of a template's parameters, in order.
  public var parameters: [String] {
    guard kind == .template else { return [] }
    return text.split(separator: "/").filter { $0.hasPrefix("{") }
      .map { String($0.dropFirst().dropLast()) }
  }

  /// The text with parameters' names left out: what two templates must differ in.
  public var shape: String {
    guard kind == .template else { return text }
    return text.split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("{") ? "{}" : String($0) }.joined(separator: "/")
  }

  /// Reads a pattern: a prefix, `= /path` for one path, or one with `{name}` for a template.
  public init(_ text: String) throws(Failure) {
    if text.hasPrefix("=") {
      try self.init(String(text.dropFirst().drop { $0 == " " }), kind: .exact)
    } else {
      try self.init(text, kind: text.contains("{") ? .template : .prefix)
    }
  }

  /// Reads a pattern of a given kind.
  public init(_ text: String, kind: Kind) throws(Failure) {
    var canonical = try PathPattern.canonical(text, isTemplate: kind == .template)
    if kind == .prefix, canonical.utf8.count > 1, canonical.hasSuffix("/") {
      canonical.removeLast()
    }
    self.init(kind: kind, canonical: canonical)
  }
}

extension PathPattern: CustomStringConvertible {
  /// As it is written in a configuration.
  public var description: String { kind == .exact ? "= \(text)" : text }
}
