import Blueprint
import Formats
import JOSE

/// Verifies access tokens that were made here (RFC 9068 §4), and no other tokens.
struct OwnTokenVerifier {
  private let verifier: TokenVerifier

  /// `audience` is one that the token must be for; nil for any.
  init(_ context: IdentityContext, _ settings: IdentitySettings, audience: String?) {
    verifier = TokenVerifier(
      keys: context.keys.verification, type: .access,
      rules: ClaimRules(
        issuers: [settings.issuer.text], audiences: audience.map { [$0] } ?? []))
  }

  /// The claims of a token that is right and has not ended.
  func verify(_ token: String, nowUnixMilliseconds now: Int) throws(TokenRefusal) -> JSONValue {
    let verified = try verifier.verify(
      token.utf8.span, nowUnixMilliseconds: UInt64(clamping: now))
    return JSONValue(verified.claims.root)
  }
}
