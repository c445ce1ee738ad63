public import PolicyKit

extension OIDCPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "oidc", stage: .identification, isAuthentication: true,
      summary: "Has people log in with their browser at an OpenID provider.",
      options: [
        .init("issuer", "URL", default: "required", "the provider"),
        .init("client-id", "text", default: "required", "which client the gateway is there"),
        .init("client-secret", "text", default: "none", "the client's secret, sent by HTTP Basic"),
        .init("client-key", "PEM file", default: "none", "a key that signs assertions instead"),
        .init("client-key-id", "text", default: "none", "what the provider calls that key"),
        .init("url", "origin", default: "required", "scheme and host that browsers know"),
        .init(
          "keys", "list of base64:…", default: "required",
          "32 bytes each; the first one seals cookies, all open them"),
        .init("scopes", "list of words", default: "openid, profile, email", "what is asked for"),
        .init("parameters", "mapping", default: "none", "what is added to the request for a login"),
        .init("callback-path", "path", default: "/oidc/callback", "where browsers come back to"),
        .init("logout-path", "path", default: "/oidc/logout", "where people log out"),
        .init("after-logout", "path", default: "/", "where they are sent then"),
        .init("cookie", "name", default: "gatehouse", "the session's cookie, behind `__Host-`"),
        .init("lifetime", "duration", default: "8h", "when people have to log in again"),
        .init("timeout", "duration", default: "5s", "how long the provider may take"),
        .init("consumer", "claim", default: "sub", "the claim that names who calls"),
        .init(
          "consumers-only", "boolean", default: "false",
          "whether that must be the name of a configured consumer"),
        .init("roles", "claim", default: "none", "the claim that holds the caller's roles"),
        .init("groups", "claim", default: "none", "the claim that holds the caller's groups"),
      ])
  }
}
