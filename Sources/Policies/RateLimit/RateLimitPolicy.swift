public import Formats
public import PolicyKit

/// `rate-limit`: lets so many requests through in so much time.
public final class RateLimitPolicy: CountingPolicy {
  private let limiter: RateLimiter

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    limiter = RateLimiter(&settings, at: site, isEarly: false)
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    limiter.review(&exchange, ObjectIdentifier(self))
  }

  /// What has to be counted together with other gateways.
  public func count(of exchange: borrowing Exchange) -> SharedCount? {
    limiter.count(of: exchange)
  }
}
