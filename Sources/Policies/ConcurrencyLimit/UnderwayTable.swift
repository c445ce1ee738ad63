import PolicyKit
import Synchronization

/// How many requests of each caller are under way, over all loops; it holds no more callers than
/// there are exchanges.
final class UnderwayTable: ExchangeHolder {
  private static let shardCount = 64

  private final class Shard: Sendable {
    let counts = Mutex<[UsageKey: Int]>([:])
  }

  private let shards = (0..<UnderwayTable.shardCount).map { _ in Shard() }

  init() {}

  /// Takes a place; false if so many are taken.
  func enter(_ key: UsageKey, limit: Int) -> Bool {
    shard(key).counts.withLock { counts in
      let count = counts[key] ?? 0
      if count >= limit { return false }
      counts[key] = count + 1
      return true
    }
  }

  func release(_ key: UsageKey) {
    shard(key).counts.withLock { counts in
      guard let count = counts[key] else { return }
      counts[key] = count > 1 ? count - 1 : nil
    }
  }

  /// How many callers have requests under way.
  var callerCount: Int {
    shards.reduce(0) { sum, shard in sum + shard.counts.withLock { $0.count } }
  }

  private func shard(_ key: UsageKey) -> Shard {
    shards[Int(key.high % UInt64(UnderwayTable.shardCount))]
  }
}
