/// Chooses among the upstreams of a service: smooth weighted round robin, or the least loaded.
struct Balancer {
  enum Kind { case roundRobin, leastLoaded }

  private let weights: [Int]
  private let kind: Kind
  private var current: [Int]

  init(weights: [Int], kind: Kind) {
    self.weights = weights.map { max($0, 1) }
    self.kind = kind
    current = Array(repeating: 0, count: weights.count)
  }

  /// A target that is healthy and not excluded, or nil; both are sets of bits by index.
  mutating func pick(excluding: UInt64, loads: borrowing [Int], healthy: UInt64) -> Int? {
    let allowed = healthy & ~excluding
    var best: Int?
    var total = 0
    for index in weights.indices where allowed >> UInt64(index & 63) & 1 == 1 {
      total += weights[index]
      current[index] += weights[index]
      guard let leader = best else {
        best = index
        continue
      }
      let isBetter =
        kind == .leastLoaded && loads[index] * weights[leader] != loads[leader] * weights[index]
        ? loads[index] * weights[leader] < loads[leader] * weights[index]
        : current[index] > current[leader]
      if isBetter { best = index }
    }
    if let best { current[best] -= total }
    return best
  }
}
