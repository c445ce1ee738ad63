import Formats

/// Verifies access tokens: the signature, the type, and the claims (RFC 7519, RFC 8725, RFC 9068).
public struct TokenVerifier: Sendable {
  private let reader: SignatureReader
  private let type: TokenTypeRule
  private let rules: ClaimRules

  private static let limits: JSONIndex.Limits = {
    var limits = JSONIndex.Limits()
    limits.bytesMax = 64 * 1024
    limits.valuesMax = 4096
    return limits
  }()

  /// A verifier of tokens signed with `keys`.
  public init(
    keys: VerificationKeys, type: TokenTypeRule = .accessOrUnsaid, rules: ClaimRules,
    bytesMax: Int = 16 * 1024
  ) {
    reader = SignatureReader(keys: keys, bytesMax: bytesMax)
    self.type = type
    self.rules = rules
  }

  /// Whether a token that nobody has verified names one of the issuers: good for no more than to
  /// tell whose keys it would need.
  public func isOfIssuer(_ token: Span<UInt8>) -> Bool {
    if rules.issuers.isEmpty { return true }
    guard let compact = CompactToken(token, parts: 3),
      let payload = Base64.decode(token.extracting(compact.parts[1])),
      let claims = try? JSONIndex(payload, limits: TokenVerifier.limits),
      let issuer = claims.root["iss"]
    else { return false }
    return rules.issuers.contains { issuer.isText($0.utf8.span) }
  }

  /// The token if it is right at that time, in milliseconds since 1970. Throws why it is not.
  public func verify(
    _ token: Span<UInt8>, nowUnixMilliseconds: UInt64
  ) throws(TokenRefusal) -> VerifiedToken {
    let message = try reader.verify(compact: token)
    guard type.allows(message.type) else { throw .type }
    guard let claims = try? JSONIndex(message.payload, limits: TokenVerifier.limits) else {
      throw .claims
    }
    let check = ClaimCheck(
      rules: rules, nowUnixSeconds: Double(nowUnixMilliseconds) / 1000)
    let expiry = try check.expiry(of: claims.root)
    // An ID token is for the client that asked for it, and bears the hash of what came with it.
    let isIDToken = claims.root["at_hash"] != nil || claims.root["c_hash"] != nil
    if isIDToken, type != .identity, !TokenTypeRule.isAccess(message.type) { throw .type }
    if let subject = claims.root["sub"], subject.kind != .string { throw .claims }
    // RFC 9068 §2.2: what each access token of that type has.
    if type == .access {
      for name in ["iss", "aud", "sub", "client_id", "iat", "jti"]
      where claims.root[name] == nil { throw .claim }
    }
    return VerifiedToken(claims: claims, expiryUnixSeconds: expiry)
  }
}
