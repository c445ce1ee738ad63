/// The keys that were seen most often, of any number.
///
/// Space-saving (Metwally, Agrawal and El Abbadi, 2005): a key that is not among those kept takes
/// the place of the least, and its count, by which it may be too high. Whatever was seen more often
/// than the sum divided by the capacity is among them.
public struct TopCounts: Sendable {
  /// One of the keys that are kept.
  public struct Entry: Sendable {
    /// The key.
    public var key: UInt64
    /// How often it was seen, at most.
    public var count: UInt64
    /// By how much that may be too high.
    public var error: UInt64
  }

  private var entries: [Entry] = []
  private let capacity: Int

  /// Room for `capacity` keys.
  public init(capacity: Int) {
    self.capacity = max(1, capacity)
    entries.reserveCapacity(self.capacity)
  }

  /// Counts a key.
  public mutating func insert(_ key: UInt64) {
    var least = 0
    for place in entries.indices {
      if entries[place].key == key {
        entries[place].count += 1
        return
      }
      if entries[place].count < entries[least].count { least = place }
    }
    if entries.count < capacity {
      entries.append(Entry(key: key, count: 1, error: 0))
    } else {
      let floor = entries[least].count
      entries[least] = Entry(key: key, count: floor + 1, error: floor)
    }
  }

  /// Those that are kept, the most frequent first.
  public var sorted: [Entry] { entries.sorted { ($0.count, $1.key) > ($1.count, $0.key) } }
}
