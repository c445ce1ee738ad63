import Glibc

/// Chooses for a key always the same of several upstreams, on every node and after every restart.
///
/// Rendezvous hashing (Thaler and Ravishankar, 1998), with weights by Schindelhauer and Schomaker's
/// logarithmic method (2005): when one upstream goes, only its keys move, and they spread evenly.
/// Not keyed: a client that chooses its own key can choose its upstream as well.
enum RendezvousHash {
  /// A number for bytes: FNV-1a, well mixed.
  static func key(_ bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
    return mixed(hash)
  }

  /// How much an upstream is worth to a key; the one that is worth most is taken.
  static func score(_ key: UInt64, _ seed: UInt64, weight: Int) -> Double {
    // 53 bits, and never 0 or 1.
    let share = (Double(mixed(key ^ seed) >> 11) + 0.5) / 9_007_199_254_740_992
    return -Double(weight) / log(share)
  }

  /// The finisher of SplitMix64 (Steele, Lea and Flood, 2014).
  private static func mixed(_ value: UInt64) -> UInt64 {
    var word = value &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
