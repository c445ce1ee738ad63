/// When the key set of an issuer is fetched, and which keys hold meanwhile (JWT-13, DOS-16).
///
/// It fetches nothing and tells no time itself: it is told what happened and when, in milliseconds
/// of any steady clock, and says whether a fetch is due. However many tokens name unknown keys,
/// they cause one fetch per cool-down.
public struct KeySetState: Sendable {
  /// How the set is kept fresh.
  public struct Timing: Hashable, Sendable {
    /// From one fetch that succeeded to the next.
    public var refreshMilliseconds: UInt64 = 600_000
    /// The least time between two fetches, whatever asks for them.
    public var coolDownMilliseconds: UInt64 = 30_000
    /// The longest time between two attempts while they fail; each failure doubles it up to here.
    public var backOffMillisecondsMax: UInt64 = 300_000
    /// How long keys are used while no fetch succeeds; after that there are none.
    public var staleMilliseconds: UInt64 = 86_400_000

    public init() {}
  }

  private let timing: Timing
  private var held: JSONWebKeySet?
  private var fetchedAt: UInt64 = 0
  private var attemptedAt: UInt64?
  private var failureCount = 0
  private var isUnderWay = false
  private var isAskedFor = false
  /// Counts the sets: whatever was verified with another one has to be verified anew.
  public private(set) var generation: UInt32 = 0

  /// A set that was never fetched, and is due at once.
  public init(_ timing: Timing = Timing()) { self.timing = timing }

  /// The keys that hold at that time; nil before the first fetch, and once they are too old.
  public func keys(at now: UInt64) -> JSONWebKeySet? {
    guard let held, now &- fetchedAt <= timing.staleMilliseconds || now < fetchedAt else {
      return nil
    }
    return held
  }

  /// A token named a key that is not in the set: perhaps the issuer has changed its keys.
  public mutating func keyIsUnknown() { isAskedFor = true }

  /// Whether to fetch now. If so it counts as begun, and no other is due before it ends.
  public mutating func beginsFetch(at now: UInt64) -> Bool {
    if isUnderWay { return false }
    if let attemptedAt, now < attemptedAt + pause { return false }
    let isOld = held == nil || now >= fetchedAt + timing.refreshMilliseconds
    guard isOld || isAskedFor || failureCount > 0 else { return false }
    isUnderWay = true
    isAskedFor = false
    attemptedAt = now
    return true
  }

  /// The fetch that had begun gave this document; one that is no key set is a failure.
  public mutating func fetched(_ document: [UInt8], at now: UInt64) throws(JWKError) {
    do throws(JWKError) {
      let set = try JSONWebKeySet(json: document)
      isUnderWay = false
      failureCount = 0
      held = set
      fetchedAt = now
      generation &+= 1
    } catch {
      failed()
      throw error
    }
  }

  /// The fetch that had begun gave nothing: the keys of the last one go on, for a time.
  public mutating func failed() {
    isUnderWay = false
    failureCount += 1
  }

  /// The least time from the last attempt to the next.
  private var pause: UInt64 {
    let doublings = UInt64(min(max(failureCount - 1, 0), 16))
    return min(
      timing.coolDownMilliseconds << doublings,
      max(
        timing.backOffMillisecondsMax, timing.coolDownMilliseconds))
  }
}
