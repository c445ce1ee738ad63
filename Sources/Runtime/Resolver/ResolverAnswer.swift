public import Base

/// The addresses of a host, and how long they may be used.
public struct ResolverAnswer: Hashable, Sendable {
  /// At least one, in the order in which to try them (see `HostAddress.interleaved`).
  public let addresses: [IPAddress]

  /// When to ask again, on the monotonic clock.
  public let expires: Instant

  /// Whether these are the last good addresses of a name whose look-up failed just now (RFC 8767).
  public let isStale: Bool

  public init(addresses: [IPAddress], expires: Instant, isStale: Bool) {
    self.addresses = addresses
    self.expires = expires
    self.isStale = isStale
  }
}
