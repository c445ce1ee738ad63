public import Base
public import Blueprint
public import TLS

/// An address to listen on, with what its connections need.
public struct PlanListener: Sendable {
  /// The address and port.
  public let bind: BindAddress
  /// Whether HTTP/2 is taken in clear text, from clients that begin with it.
  public let takesHTTP2: Bool
  /// Nil for clear text.
  public let tls: TLSServerContext?
  /// Peers whose word on forwarded addresses is taken.
  public let trustedHops: [AddressBlock]
  /// Whether its requests go to the admin service alone.
  public let admin: PlanRoute?
  /// Whether each connection begins with a balancer's header that says whose it is.
  public let takesProxyHeader: Bool
  /// Where its clients are sent; nil if they are served.
  public let redirect: PlanRedirect?

  public init(
    bind: BindAddress, tls: TLSServerContext?, trustedHops: [AddressBlock], admin: PlanRoute?,
    takesHTTP2: Bool = false, takesProxyHeader: Bool = false, redirect: PlanRedirect? = nil
  ) {
    self.takesProxyHeader = takesProxyHeader
    self.redirect = redirect
    self.bind = bind
    self.takesHTTP2 = takesHTTP2
    self.tls = tls
    self.trustedHops = trustedHops
    self.admin = admin
  }
}
