public import Crypto

/// The certificates, keys and authorities that a configuration names, read from their files.
public struct LoadedCredentials: Sendable {
  /// Those of one listener that speaks TLS.
  public struct Listener: Sendable {
    /// In the order of the configuration, at least one.
    public let certificates: [CertifiedKey]
    /// The authorities that client certificates must come from; empty if none are asked for.
    public let clientAuthorities: [Certificate]
    /// What those authorities have revoked; empty if nobody asks.
    public let clientRevocations: [RevocationList]
  }

  /// Those that one service's upstreams are reached with.
  public struct Upstream: Sendable {
    /// The authorities to trust; nil means the system's.
    public let authorities: [Certificate]?
    /// What is shown to upstreams that ask for a certificate.
    public let certificate: CertifiedKey?
  }

  /// For each listener of the blueprint; nil for clear text.
  public let listeners: [Listener?]
  /// Those of the admin listener; nil for clear text.
  public let admin: Listener?
  /// For each service of the blueprint.
  public let upstreams: [Upstream]
  /// The authorities of the store of counts; nil for the system's.
  public let counters: [Certificate]?
}
