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
        .init("header", "field name", default: "Authorization", "the field that holds the token"),
        .init("cookie", "cookie name", default: "none", "a cookie that may hold it"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the token too"),
        .init("consumer", "claim", default: "sub", "the claim that names who calls"),
        .init(
          "consumers-only", "boolean", default: "false",
          "whether that must be the name of a configured consumer"),
        .init("roles", "claim", default: "none", "the claim that holds the caller's roles"),
        .init("groups", "claim", default: "none", "the claim that holds the caller's groups"),
        .init(
          "bound", "word", default: "none",
          "what a token must be bound to: certificate, dpop, any of them, or none"),
        .init(
          "url", "origin", default: "the request's",
          "scheme and host that clients call, where a proxy before the gateway changes them"),
        .init("revocations", "URL", default: "none", "a list of tokens that no longer count"),
        .init("cache", "count", default: "16384", "how many verified tokens are kept; 0 for none"),
      ])
  }
}
