public import PolicyKit

extension JWTPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "jwt", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a signed token (JWT) of an issuer that is trusted.",
      options: [
        .init("issuer", "text or list", default: "required", "the token's `iss`, exactly"),
        .init("audience", "text or list", default: "required", "what must be in the token's `aud`"),
        .init("jwks", "URL or file", default: "none", "the issuer's key set"),
        AuthoritySetting.option,
        .init("key", "PEM file", default: "none", "one public key or certificate instead"),
        .init("secret", "base64:…", default: "none", "a shared secret instead"),
        .init(
          "algorithms", "list", default: "RS256, ES256, EdDSA; HS256 with a secret",
          "how tokens may be signed"),
        .init("leeway", "duration", default: "30s", "by how much clocks may differ, up to 60s"),
        .init("max-age", "duration", default: "none", "how long ago a token may have been issued"),
        .init("type", "word", default: "jwt", "jwt, or at+jwt for tokens of RFC 9068 alone"),
        .init("claims", "mapping", default: "none", "claims that must have one of these values"),
        .init("scopes", "list of words", default: "none", "the token has all of these scopes"),
        .init("revocations", "URL", default: "none", "a list of tokens that no longer count"),
        .init("cache", "count", default: "16384", "how many verified tokens are kept; 0 for none"),
      ] + TokenOptions.bearer + TokenOptions.identity(of: "claim") + TokenOptions.proof(url: "url"))
  }
}
