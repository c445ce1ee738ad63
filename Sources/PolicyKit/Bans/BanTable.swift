public import Base

/// Bans that are in force, found by address or name.
public struct BanTable: Sendable {
  private var blocks: [AddressBlock: UInt64] = [:]
  private var subjects: [String: UInt64] = [:]
  /// By how many leading bits blocks are known: those of IPv4, and those of IPv6.
  private var lengths: (v4: [Int], v6: [Int]) = ([], [])

  /// Nobody is banned.
  public init() {}

  /// Whether nobody is banned.
  public var isEmpty: Bool { blocks.isEmpty && subjects.isEmpty }
  /// How many bans there are.
  public var count: Int { blocks.count + subjects.count }

  /// Until when an address is kept out, in milliseconds since 1970; 0 if it is not.
  public func until(_ address: IPAddress) -> UInt64 {
    if blocks.isEmpty { return 0 }
    var latest: UInt64 = 0
    for length in address.isV4 ? lengths.v4 : lengths.v6 {
      latest = max(latest, blocks[AddressBlock(address, length: length)] ?? 0)
    }
    return latest
  }

  /// Until when a name is kept out; 0 if it is not.
  public func until(subject: String) -> UInt64 { subjects[subject] ?? 0 }

  /// Puts a ban in force; one on the same is replaced.
  public mutating func set(_ target: BanTarget, untilMilliseconds until: UInt64) {
    switch target {
    case .subject(let name): subjects[name] = until
    case .addresses(let block):
      blocks[block] = until
      let length = block.prefixLength
      if block.network.isV4 {
        if !lengths.v4.contains(length) { lengths.v4.append(length) }
      } else if !lengths.v6.contains(length) {
        lengths.v6.append(length)
      }
    }
  }

  /// Lifts a ban.
  public mutating func remove(_ target: BanTarget) {
    switch target {
    case .subject(let name): subjects[name] = nil
    case .addresses(let block): blocks[block] = nil
    }
  }

  /// Forgets bans that are over.
  public mutating func removeExpired(nowMilliseconds now: UInt64) {
    blocks = blocks.filter { $0.value > now }
    subjects = subjects.filter { $0.value > now }
  }
}
