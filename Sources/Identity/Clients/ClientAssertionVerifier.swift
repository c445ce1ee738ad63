import Formats
import JOSE

/// Verifies assertions by which clients authenticate (RFC 7523 §3), and nothing else.
struct ClientAssertionVerifier {
  /// What has to be remembered of one that was used.
  struct Used {
    let identifier: String
    let expiryMilliseconds: Int
  }

  /// The longest that an assertion may be good, in seconds.
  private static let ageSecondsMax = 3600
  /// By how much clocks may differ, in seconds.
  private static let leewaySeconds = 30
  private static let bytesMax = 8 * 1024

  private let verifier: TokenVerifier
  private let client: String

  init(keys: VerificationKeys, client: String, audiences: [String]) {
    self.client = client
    verifier = TokenVerifier(
      keys: keys, type: .identity,
      rules: ClaimRules(
        issuers: [client], audiences: audiences,
        leewaySeconds: ClientAssertionVerifier.leewaySeconds,
        required: [RequiredClaim("sub", values: [client])]),
      bytesMax: ClientAssertionVerifier.bytesMax)
  }

  func verify(_ text: String, nowUnixMilliseconds now: Int) throws(TokenRefusal) -> Used {
    let token = try verifier.verify(text.utf8.span, nowUnixMilliseconds: UInt64(clamping: now))
    guard let identifier = token.claims.root["jti"]?.string, !identifier.isEmpty,
      identifier.utf8.count <= 512
    else { throw .claim }
    let seconds = token.expiryUnixSeconds
    guard seconds - Double(now) / 1000 <= Double(ClientAssertionVerifier.ageSecondsMax) else {
      throw .tooOld
    }
    return Used(identifier: identifier, expiryMilliseconds: Int(seconds * 1000) + 1)
  }

  /// Whom an assertion that nobody has verified says it is of: good for no more than to tell whose
  /// keys it needs.
  static func subject(of text: String) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    var limits = JSONLimits()
    limits.bytesMax = bytesMax
    guard text.utf8.count <= bytesMax, parts.count == 3,
      let bytes = Base64.decode(parts[1].utf8.span),
      let claims = try? JSONValue(parsing: bytes, limits: limits)
    else { return nil }
    return claims["sub"]?.string
  }
}
