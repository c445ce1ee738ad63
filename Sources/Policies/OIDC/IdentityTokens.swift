import Crypto
import Formats
import JOSE

/// Verifies ID tokens (OpenID Connect Core 1.0 §3.1.3.7) and logout tokens (Back-Channel Logout 1.0
/// §2.6) of one provider for one client.
struct IdentityTokens: Sendable {
  private static let algorithms: Set<SignatureAlgorithm> = [
    .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .eddsa,
  ]
  private static let logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

  private let client: String
  private let provider: OIDCProvider
  private let identity: TokenKeys
  private let logout: TokenKeys

  init(_ provider: OIDCProvider, client: String) {
    self.client = client
    self.provider = provider
    let rules = ClaimRules(
      issuers: [provider.issuer], audiences: [client], leewaySeconds: 30)
    identity = TokenKeys(provider.keys) { keys in
      TokenVerifier(
        keys: VerificationKeys(keys, algorithms: IdentityTokens.algorithms),
        type: .identity, rules: rules)
    }
    logout = TokenKeys(provider.keys) { keys in
      TokenVerifier(
        keys: VerificationKeys(keys, algorithms: IdentityTokens.algorithms),
        type: .logout, rules: rules)
    }
  }

  /// Whether the provider's keys are known.
  func areKnown(atMilliseconds now: UInt64) -> Bool {
    identity.verifier(atMilliseconds: now) != nil
  }

  /// The claims of an ID token; `nonce` is nil after a renewal, where it may be missing. Throws why
  /// it does not count.
  func claims(
    _ token: String, nonce: String?, accessToken: String, nowMilliseconds now: UInt64,
    atMilliseconds steady: UInt64
  ) throws(TokenRefusal) -> VerifiedToken {
    guard let verifier = identity.verifier(atMilliseconds: steady) else { throw .unknownKey }
    let verified: VerifiedToken
    do throws(TokenRefusal) {
      verified = try verifier.verify(token.utf8.span, nowUnixMilliseconds: now)
    } catch {
      if error == .unknownKey { provider.keys.keyIsUnknown() }
      throw error
    }
    let root = verified.claims.root
    guard root["iat"] != nil, let subject = root["sub"]?.string, !subject.isEmpty else {
      throw .claim
    }
    if let nonce {
      guard let told = root["nonce"], told.isText(nonce.utf8.span) else { throw .claim }
    }
    // A token for several has to say for whom it was issued.
    let audiences = root["aud"]?.elements.count ?? 0
    if let party = root["azp"] {
      guard party.isText(client.utf8.span) else { throw .audience }
    } else if audiences > 1 {
      throw .audience
    }
    if let hash = root["at_hash"] { try check(hash, accessToken, token) }
    return verified
  }

  /// The left half of the access token's hash (§3.1.3.6).
  private func check(
    _ hash: JSONElement, _ accessToken: String, _ token: String
  ) throws(TokenRefusal) {
    let header = token.prefix { $0 != "." }
    guard let json = Base64.decode(header.utf8.span), let index = try? JSONIndex(json),
      let name = index.root["alg"]?.string
    else { throw .form }
    let function: HashFunction =
      name.hasSuffix("384") ? .sha384 : name.hasSuffix("512") || name == "EdDSA" ? .sha512 : .sha256
    let digest = function.hash(accessToken.utf8.span)
    let wanted = Base64.encode(digest.span.extracting(0..<digest.count / 2))
    guard hash.isText(wanted.utf8.span) else { throw .claim }
  }

  /// The session or the subject that a logout token ends.
  func ending(
    _ token: String, nowMilliseconds now: UInt64, atMilliseconds steady: UInt64
  ) throws(TokenRefusal) -> (session: String?, subject: String?, identifier: String) {
    guard let verifier = logout.verifier(atMilliseconds: steady) else { throw .unknownKey }
    let root = try verifier.verify(token.utf8.span, nowUnixMilliseconds: now).claims.root
    guard root["iat"] != nil, let identifier = root["jti"]?.string, !identifier.isEmpty,
      root["events"]?[IdentityTokens.logoutEvent]?.kind == .object, root["nonce"] == nil
    else { throw .claim }
    let (session, subject) = (root["sid"]?.string, root["sub"]?.string)
    guard session != nil || subject != nil else { throw .claim }
    return (session, subject, identifier)
  }
}
