import Crypto
import Synchronization

/// What was seen within a time, so that it is taken once alone.
///
/// Two sets take turns: what is in the older one is forgotten after one to two lifetimes, and so
/// never before it would be too old anyhow. It is full rather than forgetful.
final class ReplayCache: Sendable {
  /// What became of something that was shown.
  enum Finding { case new, known, full }

  private struct Shard: ~Copyable {
    var current: Set<Digest256> = []
    var previous: Set<Digest256> = []
    var turnMilliseconds: UInt64 = 0
  }

  private final class Guarded: Sendable {
    let shard = Mutex(Shard())
  }

  private static let shardCount = 64

  private let lifetimeMilliseconds: UInt64
  private let countMax: Int
  private let shards = (0..<shardCount).map { _ in Guarded() }

  /// Remembers for `lifetimeMilliseconds` at least, and at most about `countMax` in that time.
  init(lifetimeMilliseconds: UInt64, countMax: Int = 1_048_576) {
    self.lifetimeMilliseconds = lifetimeMilliseconds
    self.countMax = max(1, countMax / ReplayCache.shardCount)
  }

  /// Lets a digest be new once more: what it was noted for came to nothing.
  func forget(_ digest: Digest256) {
    shards[Int(digest.words.0 >> 58)].shard.withLock { shard in
      shard.current.remove(digest)
      shard.previous.remove(digest)
    }
  }

  /// Notes a digest. Whoever gets `new` is the only one.
  func note(_ digest: Digest256, nowMilliseconds now: UInt64) -> Finding {
    shards[Int(digest.words.0 >> 58)].shard.withLock { shard in
      if now >= shard.turnMilliseconds {
        let isLongAgo = now >= shard.turnMilliseconds &+ lifetimeMilliseconds
        shard.previous = isLongAgo ? [] : shard.current
        shard.current = []
        shard.turnMilliseconds = now &+ lifetimeMilliseconds
      }
      if shard.previous.contains(digest) || shard.current.contains(digest) { return .known }
      guard shard.current.count < countMax else { return .full }
      shard.current.insert(digest)
      return .new
    }
  }
}
