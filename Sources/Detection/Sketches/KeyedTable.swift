/// State by key for a number of keys that never grows: what is new takes the place of what weighs
/// least.
///
/// A key belongs to one of many sets of eight places. If all eight are taken, it takes the place
/// whose weight, halved for each time that passed without it, is least. So a flood of keys that are
/// seen once each fights over one place of each set, and those that are seen again and again stay.
public struct KeyedTable<State: Sendable>: Sendable {
  private struct Weight: Sendable {
    var amount: Float = 0
    /// In seconds.
    var seen: UInt32 = 0
  }

  private static var ways: Int { 8 }

  // Keys stand apart from the rest, so that a set of them is one line of the processor's cache.
  private var keys: [UInt64]
  private var weights: [Weight]
  private var states: [State]
  private let sets: UInt64
  private let fresh: State
  private let halfLife: Double
  /// How many keys had to go for others.
  public private(set) var evictions = 0

  /// A table for `capacity` keys at least; a weight halves in `halfLifeSeconds`.
  public init(capacity: Int, halfLifeSeconds: Int = 300, fresh: State) {
    var sets = 1
    while sets * KeyedTable.ways < capacity { sets *= 2 }
    self.sets = UInt64(sets)
    self.fresh = fresh
    halfLife = Double(max(1, halfLifeSeconds))
    keys = [UInt64](repeating: 0, count: sets * KeyedTable.ways)
    weights = [Weight](repeating: Weight(), count: keys.count)
    states = [State](repeating: fresh, count: keys.count)
  }

  /// The bytes that it takes, whatever happens.
  public var bytesHeld: Int { keys.count * (16 + MemoryLayout<State>.stride) }

  /// Works on the state of a key, which is a fresh one if the key is not there.
  @inline(__always)
  public mutating func update<Result>(
    _ key: UInt64, at now: UInt64, weight: Float = 1, _ body: (inout State) -> Result
  ) -> Result {
    let key = key == 0 ? 1 : key
    let seconds = UInt32(truncatingIfNeeded: now / 1000)
    let place = find(key) ?? replace(key, seconds)
    weights[place].amount = decayed(place, seconds) + weight
    weights[place].seen = max(seconds, weights[place].seen)
    return body(&states[place])
  }

  /// Works on the state of a key if it is there.
  @inline(__always)
  public mutating func updateIfKnown<Result>(
    _ key: UInt64, _ body: (inout State) -> Result
  ) -> Result? {
    guard let place = find(key == 0 ? 1 : key) else { return nil }
    return body(&states[place])
  }

  /// Forgets a key.
  public mutating func remove(_ key: UInt64) {
    guard let place = find(key == 0 ? 1 : key) else { return }
    keys[place] = 0
    weights[place] = Weight()
    states[place] = fresh
  }

  /// Works on the states of all keys.
  public mutating func forEach(_ body: (UInt64, inout State) -> Void) {
    for place in keys.indices where keys[place] != 0 { body(keys[place], &states[place]) }
  }

  @inline(__always)
  private func find(_ key: UInt64) -> Int? {
    let start = Int(key & (sets - 1)) * KeyedTable.ways
    for place in start..<start + KeyedTable.ways where keys[place] == key { return place }
    return nil
  }

  @inline(__always)
  private func decayed(_ place: Int, _ seconds: UInt32) -> Float {
    let weight = weights[place]
    if seconds <= weight.seen { return weight.amount }
    return weight.amount * Float(Exponent.exp2(-Double(seconds - weight.seen) / halfLife))
  }

  private mutating func replace(_ key: UInt64, _ seconds: UInt32) -> Int {
    let start = Int(key & (sets - 1)) * KeyedTable.ways
    var (least, leastWeight) = (start, Float.infinity)
    for place in start..<start + KeyedTable.ways {
      if keys[place] == 0 {
        least = place
        break
      }
      let weight = decayed(place, seconds)
      if weight < leastWeight { (least, leastWeight) = (place, weight) }
    }
    if keys[least] != 0 { evictions += 1 }
    keys[least] = key
    weights[least] = Weight()
    states[least] = fresh
    return least
  }
}
