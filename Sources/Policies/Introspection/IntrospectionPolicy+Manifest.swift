public import PolicyKit

extension IntrospectionPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "introspection", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by asking the authorization server about the token.",
      options: [
        .init("url", "URL", default: "required", "the introspection endpoint"),
        .init("client-id", "text", default: "required", "which client the gateway is there"),
        .init("client-secret", "text", default: "none", "the client's secret, sent by HTTP Basic"),
        .init("client-key", "PEM file", default: "none", "a key that signs assertions instead"),
        .init("client-key-id", "text", default: "none", "what the server calls that key"),
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
        .init("header", "field name", default: "Authorization", "the field that holds the token"),
        .init("cookie", "cookie name", default: "none", "a cookie that may hold it"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the token too"),
        .init("consumer", "claim", default: "sub", "the member that names who calls"),
        .init(
          "consumers-only", "boolean", default: "false",
          "whether that must be the name of a configured consumer"),
        .init("roles", "claim", default: "none", "the member that holds the caller's roles"),
        .init("groups", "claim", default: "none", "the member that holds the caller's groups"),
        .init(
          "bound", "word", default: "none",
          "what a token must be bound to: certificate, dpop, any of them, or none"),
        .init(
          "url-of-api", "origin", default: "the request's",
          "scheme and host that clients call, where a proxy before the gateway changes them"),
      ])
  }
}
