public import Formats

/// A claim that must have, or contain, one of some values.
public struct RequiredClaim: Hashable, Sendable {
  /// The names that lead to it: two for a claim within an object.
  public let path: [String]
  /// What it may be; empty for anything but null.
  public let values: [String]

  /// A claim that is called by its name, or by names with dots between, as `realm.role`. A claim
  /// whose own name has the dots is found too (`https://example.com/role`).
  public init(_ name: String, values: [String]) {
    path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.values = values
  }

  /// The claim in a token's claims.
  public static func find(_ path: [String], in claims: JSONElement) -> JSONElement? {
    if path.count > 1, let whole = claims[path.joined(separator: ".")] { return whole }
    var found: JSONElement? = claims
    for name in path { found = found?[name] }
    return found
  }

  /// Whether a token's claims are as this asks.
  func holds(_ claims: JSONElement) -> Bool {
    guard let claim = RequiredClaim.find(path, in: claims), claim.kind != .null else {
      return false
    }
    if values.isEmpty { return true }
    let candidates = claim.kind == .array ? claim.elements : [claim]
    return candidates.contains { element in
      guard let text = RequiredClaim.text(element) else { return false }
      return values.contains(text)
    }
  }

  /// A single value as configuration writes it.
  private static func text(_ element: JSONElement) -> String? {
    switch element.kind {
    case .string: element.string
    case .number: element.integer.map { "\($0)" } ?? element.number.map { "\($0)" }
    case .boolean: element.boolean.map { "\($0)" }
    case .object, .array, .null: nil
    }
  }
}
