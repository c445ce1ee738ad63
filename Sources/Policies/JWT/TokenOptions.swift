import PolicyKit

/// Options that several policies of tokens and logins have, for the tables of the guide.
enum TokenOptions {
  /// What of a token becomes the caller; `claim` is what the policy calls its parts.
  static func identity(of claim: String) -> [PolicyManifest.Option] {
    [
      .init("consumer", "claim", default: "sub", "the \(claim) that names who calls"),
      .init(
        "consumers-only", "boolean", default: "false",
        "whether that must be the name of a consumer, of the configuration or the store"),
      .init("roles", "claim", default: "none", "the \(claim) that holds the caller's roles"),
      .init("groups", "claim", default: "none", "the \(claim) that holds the caller's groups"),
    ]
  }

  /// Where requests bear the token.
  static let bearer: [PolicyManifest.Option] = [
    .init("header", "field name", default: "Authorization", "the field that holds the token"),
    .init("cookie", "cookie name", default: "none", "a cookie that may hold it"),
    .init("keep", "boolean", default: "false", "whether the upstream gets the token too"),
  ]

  /// What has to be shown beside the token; `url` is the option for the origin that clients call.
  static func proof(url: String) -> [PolicyManifest.Option] {
    [
      .init(
        "bound", "word", default: "none",
        "what a token must be bound to: certificate, dpop, any of them, or none"),
      .init(
        url, "origin", default: "the request's",
        "scheme and host that clients call, where a proxy before the gateway changes them"),
    ]
  }

  /// How the gateway shows which client it is.
  static let client: [PolicyManifest.Option] = [
    .init("client-id", "text", default: "required", "which client the gateway is there"),
    .init("client-secret", "text", default: "none", "the client's secret, sent by HTTP Basic"),
    .init("client-key", "PEM file", default: "none", "a key that signs assertions instead"),
    .init("client-key-id", "text", default: "none", "what that key is called there"),
  ]
}
