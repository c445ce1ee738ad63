public import Crypto

/// How connections to an upstream are secured.
public struct TLSClientSettings: Sendable {
  /// Whom to believe.
  public enum Verification: Sendable {
    /// The upstream's certificate must be signed by one of these authorities and bear its name.
    case full(TrustStore)
    /// Anybody is believed: whoever is on the way can read and change everything.
    case insecure
  }

  /// Whether and by whom the upstream must be vouched for.
  public var verification: Verification
  /// The certificate that we show if the upstream asks for one.
  public var certifiedKey: CertifiedKey?
  /// The application protocols that we offer (RFC 7301); at least one.
  public var applicationProtocols = ["http/1.1"]
  /// The most bytes that the upstream's certificates may take.
  public var certificateBytesMax = 65_536
  /// What is offered instead of what we speak; only to find out what a server takes.
  public var probe: TLSProbe?

  public init(verification: Verification) { self.verification = verification }
}
