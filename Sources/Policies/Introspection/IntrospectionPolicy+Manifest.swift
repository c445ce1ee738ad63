public import PolicyKit

extension IntrospectionPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "introspection", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by asking the authorization server about the token.",
      options: [
        .init("url", "URL", default: "required", "the introspection endpoint"),
        AuthoritySetting.option,
      ] + TokenOptions.client + [
        .init(
          "audience", "text or list", default: "required", "what must be in the token's `aud`"),
        .init(
          "any-audience", "boolean", default: "false",
          "takes tokens for other APIs too, where the server names no audience"),
        .init("issuer", "text or list", default: "any", "the token's `iss`, exactly"),
        .init("scopes", "list of words", default: "none", "the token has all of these scopes"),
        .init("ttl", "duration", default: "60s", "how long an answer is believed at most"),
        .init("negative-ttl", "duration", default: "10s", "how long a refusal is believed"),
        .init("timeout", "duration", default: "3s", "how long the server may take"),
        .init("cache", "count", default: "16384", "how many tokens are known at once"),
      ] + TokenOptions.bearer + TokenOptions.identity(of: "member")
        + TokenOptions.proof(url: "url-of-api"))
  }
}
