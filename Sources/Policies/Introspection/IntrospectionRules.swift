import Formats
import JOSE
import PolicyKit

/// Holds the answer of an authorization server (RFC 7662 §2.2) against what is asked for here.
struct IntrospectionRules: Sendable {
  /// The audiences of which one must be the token's; nil asks for none.
  let audiences: [String]?
  /// The issuers of which one must be the token's; nil asks for none.
  let issuers: [String]?
  let identity: TokenIdentity
  /// How long an answer is believed at most, in milliseconds.
  let keptMilliseconds: UInt64

  /// Longest answer, in bytes.
  static let answerBytesMax = 64 * 1024
  /// Times beyond this are no times.
  private static let secondsMax = 9_007_199_254_740.0

  private static let limits: JSONLimits = {
    var limits = JSONLimits()
    limits.bytesMax = answerBytesMax
    limits.valuesMax = 4096
    return limits
  }()

  /// What an answer means; nil for one that is none, from which nothing follows for the token.
  func finding(_ body: [UInt8], nowMilliseconds now: UInt64) -> IntrospectionFinding? {
    guard let index = try? JSONIndex(body, limits: IntrospectionRules.limits),
      let isActive = index.root["active"]?.boolean
    else { return nil }
    guard isActive else { return .refused("the issuer says that the token is not active") }
    let claims = index.root
    if let audiences, !IntrospectionRules.names(claims["aud"], one: audiences) {
      return .refused(TokenRefusal.audience.reason)
    }
    if let issuers, !IntrospectionRules.names(claims["iss"], one: issuers) {
      return .refused(TokenRefusal.issuer.reason)
    }
    var expires = UInt64.max
    if let claim = claims["exp"] {
      guard let expiry = IntrospectionRules.milliseconds(claim) else {
        return .refused(TokenRefusal.claims.reason)
      }
      guard expiry > now else { return .refused(TokenRefusal.expired.reason) }
      expires = expiry
    }
    if let claim = claims["nbf"] {
      guard let start = IntrospectionRules.milliseconds(claim), start <= now else {
        return .refused(TokenRefusal.notYetValid.reason)
      }
    }
    if let subject = claims["sub"], subject.kind != .string {
      return .refused(TokenRefusal.claims.reason)
    }
    do throws(TokenRefusal) {
      let token = VerifiedToken(claims: index, expiryUnixSeconds: Double(expires / 1000))
      return .active(
        try identity.unresolved(token), untilMilliseconds: min(now + keptMilliseconds, expires),
        expiryMilliseconds: expires)
    } catch {
      return .refused(error.reason)
    }
  }

  private static func names(_ claim: JSONElement?, one wanted: [String]) -> Bool {
    guard let claim else { return false }
    let given = claim.kind == .array ? claim.elements : [claim]
    return given.contains { element in wanted.contains { element.isText($0.utf8.span) } }
  }

  private static func milliseconds(_ claim: JSONElement) -> UInt64? {
    guard let seconds = claim.number, seconds >= 0, seconds <= secondsMax else { return nil }
    return UInt64(seconds * 1000)
  }
}
