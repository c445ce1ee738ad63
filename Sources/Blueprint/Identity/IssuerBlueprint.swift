/// The issuer: the URL that names the identity provider in its tokens, and where it is served.
public struct IssuerBlueprint: Hashable, Sendable {
  /// As it is written, which is how it stands in tokens: `https://id.example.com/path`.
  public let text: String
  /// Scheme, host and port, as browsers write an origin.
  public let origin: String
  /// The host alone.
  public let host: HostPattern
  /// The path, without a slash at its end; empty if there is none.
  public let path: String

  /// Reads an issuer: https, or http on this machine, without query, fragment and user (RFC 8414
  /// §2, OpenID Connect Discovery 1.0 §3); nil for anything else.
  public init?(_ text: String) {
    guard let url = RedirectURI(text), !url.hasQuery, !url.isPrivateUse,
      url.scheme == "https" || url.isLoopback, let host = try? HostPattern(url.host),
      !host.isWildcard, !text.hasSuffix("/")
    else { return nil }
    let rest = text.dropFirst(url.origin.utf8.count)
    guard url.origin == text.prefix(url.origin.utf8.count), rest.isEmpty || rest.hasPrefix("/"),
      (try? PathPattern(rest.isEmpty ? "/" : String(rest), kind: .exact))?.text
        == (rest.isEmpty ? "/" : String(rest))
    else { return nil }
    self.text = text
    self.host = host
    origin = url.origin
    path = String(rest)
  }

  /// The URL of an endpoint.
  public func url(_ endpoint: IdentityEndpoint) -> String { origin + endpoint.path(below: path) }
}
