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
    if isIDToken, !TokenTypeRule.isAccess(message.type) { throw .type }
    if let subject = claims.root["sub"], subject.kind != .string { throw .claims }
    return VerifiedToken(claims: claims, expiryUnixSeconds: expiry)
  }
}
