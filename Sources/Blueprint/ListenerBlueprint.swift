public import Base
public import Formats

/// A place where clients connect.
public struct ListenerBlueprint: Sendable {
  /// How clients get to speak HTTP/2.
  public enum HTTP2: String, CaseIterable, Sendable {
    /// By agreement within TLS (RFC 9113 §3.2).
    case alpn
    /// In clear text, by beginning with it (RFC 9113 §3.3).
    case priorKnowledge = "prior-knowledge"
    case off
  }

  /// Where it listens.
  public var bind: BindAddress
  /// Nil for clear text.
  public var tls: TLSBlueprint?
  /// Which version of HTTP/2's beginning is taken.
  public var http2: HTTP2
  /// Peers whose `Forwarded` and `X-Forwarded-*` fields are believed; nobody's by default.
  public var trustedHops: [AddressBlock]
  /// Whether each connection begins with a trusted hop's PROXY header.
  public var proxyProtocol: Bool
  /// Where clients are sent instead of being served; nil for a listener that serves them.
  public var redirect: RedirectBlueprint?
  /// Where it stands in the file.
  public var position: Position
}
