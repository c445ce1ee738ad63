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

  /// A balancer for as many upstreams as there are weights, each 1 or more.
  init(weights: [Int], kind: Kind) {
    self.weights = weights.map { max($0, 1) }
    self.kind = kind
    credits = Array(repeating: 0, count: weights.count)
  }

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
      total += weights[index]
      credits[index] += weights[index]
      if let found = best, credits[found] >= credits[index] { continue }
      best = index
    }
    if let best { credits[best] -= total }
    return best
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
    (loads[left] + 1) * weights[right] < (loads[right] + 1) * weights[left]
  }

  private static func isSet(_ mask: UInt64, _ index: Int) -> Bool {
    mask >> UInt64(index & 63) & 1 == 1
  }
}
