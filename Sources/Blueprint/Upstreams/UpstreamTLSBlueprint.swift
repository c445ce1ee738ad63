public import Formats

/// How connections to `https` upstreams are made safe.
public struct UpstreamTLSBlueprint: Sendable {
  /// A PEM file of the authorities to trust; nil means the system's.
  public var authorityPath: Text?
  /// The certificate that is shown to upstreams that ask for one, with its key.
  public var certificate: TLSBlueprint.Certificate?
  /// The name that the upstream must prove; nil means the host of its URL.
  public var serverName: String?
  /// Whether the upstream's certificate is not verified at all. Never in production.
  public var insecure = false
  /// Nil if the configuration says nothing about it.
  public var position: Position?

  /// The defaults.
  public init() {}
}
