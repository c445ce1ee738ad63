import Base

/// Chooses one upstream of a service, in proportion to the upstreams' weights.
///
/// Smooth weighted round robin: every upstream gathers its weight, the richest is taken and pays
/// what all gathered. With weights 2 and 1 the order is a, b, a and not a, a, b. By least load,
/// those with the fewest exchanges for their weight are chosen from in the same way.
struct Balancer {
  enum Kind { case roundRobin, leastLoaded }

  private let weights: [Int]
  private let kind: Kind
  private var credits: [Int]
  /// How much of its weight each has, in hundredths: less than all of it for a while after it has
  /// come back.
  private var shares: [Int]
  private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A balancer for as many upstreams as there are weights, each 1 or more.
  init(weights: [Int], kind: Kind) {
    self.weights = weights.map { max($0, 1) }
    self.kind = kind
    credits = Array(repeating: 0, count: weights.count)
    shares = Array(repeating: 100, count: weights.count)
  }

  /// Gives an upstream a part of its weight, in hundredths, 1 to 100.
  mutating func setShare(_ share: Int, of index: Int) { shares[index] = min(max(share, 1), 100) }

  private func weight(_ index: Int) -> Int { weights[index] * shares[index] }

  /// The upstream for the next attempt, or nil if none is healthy and not excluded.
  ///
  /// Bit `index % 64` of a mask stands for an upstream; `loads` are the exchanges under way.
  mutating func pick(excluding: UInt64, loads: borrowing [Int], healthy: UInt64) -> Int? {
    let open = healthy & ~excluding
    let lightest = kind == .leastLoaded ? lightest(open, loads) : nil
    var total = 0
    var best: Int?
    for index in weights.indices where Self.isSet(open, index) {
      if let lightest, isLighter(lightest, than: index, loads) { continue }
      total += weight(index)
      credits[index] += weight(index)
      if let found = best, credits[found] >= credits[index] { continue }
      best = index
    }
    if let best { credits[best] -= total }
    return best
  }

  /// Of two that are taken by chance, the one where a request would wait less for its weight:
  /// nearly as good as the best of all, and no herd runs after it (Mitzenmacher, "The Power of Two
  /// Choices in Randomized Load Balancing", 2001).
  mutating func pickFastest(
    excluding: UInt64, loads: borrowing [Int], times: borrowing [AnswerTime], healthy: UInt64,
    now: Instant
  ) -> Int? {
    let open = healthy & ~excluding
    var count = 0
    for index in weights.indices where Self.isSet(open, index) { count += 1 }
    if count == 0 { return nil }
    let first = next(below: count)
    let second = count > 1 ? (first + 1 + next(below: count - 1)) % count : first
    let (one, other) = (place(first, in: open), place(second, in: open))
    let left = times[one].cost(load: loads[one], now: now) / Double(weight(one))
    let right = times[other].cost(load: loads[other], now: now) / Double(weight(other))
    return right < left ? other : one
  }

  /// The one that is worth most to a key; `seeds` are the upstreams' own numbers.
  func pick(for key: UInt64, seeds: borrowing [UInt64], excluding: UInt64, healthy: UInt64) -> Int?
  {
    var best: (index: Int, score: Double)?
    for index in weights.indices where Self.isSet(healthy & ~excluding, index) {
      let score = RendezvousHash.score(key, seeds[index], weight: weight(index))
      if let found = best, found.score >= score { continue }
      best = (index, score)
    }
    return best?.index
  }

  /// The upstream of the `rank`-th bit that is set.
  private func place(_ rank: Int, in open: UInt64) -> Int {
    var left = rank
    for index in weights.indices where Self.isSet(open, index) {
      if left == 0 { return index }
      left -= 1
    }
    return 0
  }

  /// By chance, as far as that matters here: xorshift (Marsaglia, 2003).
  private mutating func next(below bound: Int) -> Int {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return Int(random % UInt64(bound))
  }

  private func lightest(_ open: UInt64, _ loads: borrowing [Int]) -> Int? {
    var best: Int?
    for index in weights.indices where Self.isSet(open, index) {
      if let found = best, !isLighter(index, than: found, loads) { continue }
      best = index
    }
    return best
  }

  /// Compares exchanges for each unit of weight, the new one counted.
  private func isLighter(_ left: Int, than right: Int, _ loads: borrowing [Int]) -> Bool {
    (loads[left] + 1) * weight(right) < (loads[right] + 1) * weight(left)
  }

  private static func isSet(_ mask: UInt64, _ index: Int) -> Bool {
    mask >> UInt64(index & 63) & 1 == 1
  }
}
