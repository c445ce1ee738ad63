public import Formats
public import PolicyKit

/// `admission-limit`: lets so many requests through before anybody asks who calls, so that guessing
/// is stopped before it costs a password's hash.
public final class AdmissionLimitPolicy: CountingPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "admission-limit", stage: .admission,
      summary: "Lets so many requests through before anybody asks who calls.",
      options: RateLimitPolicy.manifest.options.map { option in
        option.key == "by" ? .init("by", "word", default: "ip", "ip, route or header:NAME") : option
      })
  }

  private let limiter: RateLimiter

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    limiter = RateLimiter(&settings, at: site, isEarly: true)
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
