public import Formats

/// A token that was found right: its claims, and how long they hold.
public struct VerifiedToken: Sendable {
  /// The claims, an object.
  public let claims: JSONIndex
  /// From when on it is no longer valid, leeway included, in seconds since 1970.
  public let expiryUnixSeconds: Double

  /// A token of which somebody else has found out that it is right.
  public init(claims: JSONIndex, expiryUnixSeconds: Double) {
    self.claims = claims
    self.expiryUnixSeconds = expiryUnixSeconds
  }

  /// Who it is about; nil if it does not say.
  public var subject: [UInt8]? { claims.root["sub"]?.textBytes }

  /// What its bearer may do: `scope`, words with spaces between (RFC 8693 §4.2), or `scp`, which
  /// some issuers send in its place, as words or as a list.
  public var scopes: Set<String> {
    let root = claims.root
    var scopes: Set<String> = []
    for name in ["scope", "scp"] {
      guard let claim = root[name] else { continue }
      for element in claim.kind == .array ? claim.elements : [claim] {
        for word in (element.string ?? "").split(separator: " ") { scopes.insert(String(word)) }
      }
    }
    return scopes
  }
}
