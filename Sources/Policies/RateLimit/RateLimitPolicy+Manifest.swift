public import PolicyKit

extension RateLimitPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "rate-limit", stage: .quota,
      summary: "Lets so many requests through in so much time.",
      options: [
        .init("limit", "count/unit", default: "required", "such as 100/minute; second to day"),
        .init("burst", "count", default: "the limit", "how many may come at once (gcra)"),
        .init("by", "word", default: "consumer", "consumer, ip, route, header:NAME or claim:NAME"),
        .init("algorithm", "word", default: "gcra", "gcra, fixed-window or sliding-window"),
        .init("keys-max", "count", default: "65536", "how many callers are told apart"),
        .init("store", "word", default: "local", "local, or shared with other gateways"),
        .init("sharing", "word", default: "strict", "strict, or leased: some at a time"),
        .init("lease", "count", default: "1% of burst", "how many a gateway holds of one caller"),
        .init("when-down", "word", default: "local", "open, closed or local, while not shared"),
        .init("name", "text", default: "its place", "limits of one name count together"),
      ])
  }
}
