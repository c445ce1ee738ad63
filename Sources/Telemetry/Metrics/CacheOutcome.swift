/// What became of a request to a route with a cache.
public enum CacheOutcome: UInt8, CaseIterable, Sendable {
  /// Answered by what was fresh.
  case hit
  /// Answered by what was not, as it may be.
  case stale
  /// Answered by what the upstream said still holds.
  case confirmed
  /// The upstream was asked, and its answer may be kept.
  case missed
  /// Waited for the answer to another.
  case joined
  /// Went by the cache.
  case passed
}
