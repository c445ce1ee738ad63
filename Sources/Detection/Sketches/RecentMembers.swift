/// Whether a key was there lately: never no for one that was, and seldom yes for one that was not.
///
/// Two Bloom filters (Bloom, 1970) of 32 KiB each: when one is as full as it may be, the older one
/// begins anew. Of keys that were not there, one in a thousand or so is taken for one that was.
public struct RecentMembers: Sendable {
  private static let words = 4096
  private static let keysMax = 16_384

  private var current = [UInt64](repeating: 0, count: RecentMembers.words)
  private var previous = [UInt64](repeating: 0, count: RecentMembers.words)
  private var count = 0

  /// None yet.
  public init() {}

  /// The bytes that it takes, whatever happens.
  public var bytesHeld: Int { 2 * RecentMembers.words * 8 }

  /// Notes a key.
  public mutating func insert(_ key: UInt64) {
    if RecentMembers.holds(current, key) { return }
    if count >= RecentMembers.keysMax {
      swap(&current, &previous)
      for place in current.indices { current[place] = 0 }
      count = 0
    }
    count += 1
    for hash in 0..<4 {
      let bit = RecentMembers.bit(key, hash)
      current[bit >> 6] |= 1 << UInt64(bit & 63)
    }
  }

  /// Whether a key was there, of the last 16,384 for certain.
  public func contains(_ key: UInt64) -> Bool {
    RecentMembers.holds(current, key) || RecentMembers.holds(previous, key)
  }

  private static func holds(_ bits: [UInt64], _ key: UInt64) -> Bool {
    for hash in 0..<4 {
      let bit = bit(key, hash)
      if bits[bit >> 6] & 1 << UInt64(bit & 63) == 0 { return false }
    }
    return true
  }

  @inline(__always)
  private static func bit(_ key: UInt64, _ hash: Int) -> Int {
    Int((key &+ UInt64(hash) &* (key >> 32 | 1)) & UInt64(words * 64 - 1))
  }
}
