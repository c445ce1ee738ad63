import Formats

/// Holds claims against the rules for them.
struct ClaimCheck {
  let rules: ClaimRules
  let nowUnixSeconds: Double

  /// Times beyond this, some 285 million years, are no times: beyond it a `Double` has no seconds.
  private static let secondsMax = 9_007_199_254_740_992.0

  /// When the claims expire, in seconds since 1970. Throws why they do not hold.
  func expiry(of claims: JSONElement) throws(TokenRefusal) -> Double {
    guard claims.kind == .object else { throw .claims }
    try checkIssuer(claims)
    try checkAudience(claims)
    let expiry = try checkTimes(claims)
    for claim in rules.required where !claim.holds(claims) { throw .claim }
    return expiry
  }

  private func checkIssuer(_ claims: JSONElement) throws(TokenRefusal) {
    if let issuer = claims["iss"], issuer.kind != .string { throw .claims }
    if rules.issuers.isEmpty { return }
    guard let issuer = claims["iss"] else { throw .issuer }
    guard rules.issuers.contains(where: { issuer.isText($0.utf8.span) }) else { throw .issuer }
  }

  private func checkAudience(_ claims: JSONElement) throws(TokenRefusal) {
    var audiences: [JSONElement] = []
    if let claim = claims["aud"] {
      audiences = claim.kind == .array ? claim.elements : [claim]
      guard audiences.allSatisfy({ $0.kind == .string }) else { throw .claims }
    }
    if rules.audiences.isEmpty { return }
    let isForUs = audiences.contains { audience in
      rules.audiences.contains { audience.isText($0.utf8.span) }
    }
    guard isForUs else { throw .audience }
  }

  private func checkTimes(_ claims: JSONElement) throws(TokenRefusal) -> Double {
    let leeway = Double(rules.leewaySeconds)
    guard let expiry = try time(claims, "exp") else { throw .noExpiry }
    guard nowUnixSeconds < expiry + leeway else { throw .expired }
    if let start = try time(claims, "nbf"), nowUnixSeconds + leeway < start { throw .notYetValid }
    let issued = try time(claims, "iat")
    if let issued, nowUnixSeconds + leeway < issued { throw .issuedInFuture }
    if let most = rules.ageSecondsMax {
      guard let issued, nowUnixSeconds - leeway <= issued + Double(most) else { throw .tooOld }
    }
    return expiry + leeway
  }

  /// A `NumericDate` (RFC 7519 §2): a number, never its text.
  private func time(_ claims: JSONElement, _ name: String) throws(TokenRefusal) -> Double? {
    guard let claim = claims[name] else { return nil }
    guard let seconds = claim.number, abs(seconds) <= ClaimCheck.secondsMax else {
      throw .claims
    }
    return seconds
  }
}
