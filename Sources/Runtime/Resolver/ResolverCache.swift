import Base

/// What look-ups found, by name: answers, for how long, and the last good ones for bad times.
///
/// Pure: it is told the time.
struct ResolverCache {
  private struct Entry {
    var outcome: Result<ResolverAnswer, ResolverError>
    var expires: Instant
    /// The last addresses that a look-up gave, and when.
    var lastGood: [IPAddress]
    var lastGoodAt: Instant
  }

  private var entries: [String: Entry] = [:]
  private let namesMax: Int
  private let firstFamily: HostAddress.Family

  init(firstFamily: HostAddress.Family, namesMax: Int = ResolverLimits.namesMax) {
    self.firstFamily = firstFamily
    self.namesMax = namesMax
  }

  var count: Int { entries.count }

  /// What is known of `name` and still holds.
  func outcome(for name: String, now: Instant) -> Result<ResolverAnswer, ResolverError>? {
    guard let entry = entries[name], now < entry.expires else { return nil }
    return entry.outcome
  }

  /// Remembers what a look-up of `name` gave, and says what to tell those who wait for it.
  ///
  /// A failure to get an answer leaves the last good addresses in use; the answer that there is
  /// nothing does not, since the addresses may belong to somebody else by now (RFC 8767 §4).
  mutating func store(
    _ result: Result<ResolverLookup.Found, ResolverError>, for name: String, now: Instant
  ) -> Result<ResolverAnswer, ResolverError> {
    let old = entries[name]
    var entry: Entry
    switch result {
    case .success(let found): entry = fresh(found, now)
    case .failure(let error):
      let expires = now.adding(milliseconds: ResolverLimits.negativeSeconds * 1000)
      entry = Entry(
        outcome: .failure(error), expires: expires, lastGood: [], lastGoodAt: now)
      if !error.isNegative, let old, !old.lastGood.isEmpty,
        now < old.lastGoodAt.adding(milliseconds: ResolverLimits.staleSecondsMax * 1000)
      {
        entry.lastGood = old.lastGood
        entry.lastGoodAt = old.lastGoodAt
        entry.outcome = .success(
          ResolverAnswer(addresses: old.lastGood, expires: expires, isStale: true))
      }
    }
    if old == nil, entries.count >= namesMax { makeRoom() }
    entries[name] = entry
    return entry.outcome
  }

  private func fresh(_ found: ResolverLookup.Found, _ now: Instant) -> Entry {
    let seconds = min(
      max(found.ttlSeconds, ResolverLimits.ttlSecondsMin), ResolverLimits.ttlSecondsMax)
    let expires = now.adding(milliseconds: seconds * 1000)
    let ordered = HostAddress.interleaved(found.addresses, first: firstFamily)
    let addresses = Array(ordered.prefix(ResolverLimits.addressesMax))
    let answer = ResolverAnswer(addresses: addresses, expires: expires, isStale: false)
    return Entry(
      outcome: .success(answer), expires: expires, lastGood: addresses, lastGoodAt: now)
  }

  /// Drops the name that ran out, or will run out, first.
  private mutating func makeRoom() {
    if let oldest = entries.min(by: { $0.value.expires < $1.value.expires }) {
      entries[oldest.key] = nil
    }
  }
}
