public import PolicyKit

extension OIDCPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "oidc", stage: .identification, isAuthentication: true,
      summary: "Has people log in with their browser at an OpenID provider.",
      options: [
        .init("issuer", "URL", default: "required", "the provider"),
        AuthoritySetting.option,
      ] + TokenOptions.client + [
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
      ] + TokenOptions.identity(of: "claim"))
  }
}
