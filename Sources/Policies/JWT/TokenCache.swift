import Crypto
import PolicyKit
import Synchronization

/// Tokens that were found right, by the SHA-256 of all their bytes (JWT-14).
///
/// A hit neither allocates nor waits: a shard that another loop is in counts as a miss. The place
/// comes from the hash, so nobody can choose tokens that crowd each other out without breaking it.
final class TokenCache: Sendable {
  /// What was known of one token.
  private struct Slot {
    var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var stamp: UInt64 = 0
    var expiryMilliseconds: UInt64 = 0
    var consumer: Consumer?
  }

  /// A part of the cache behind a lock of its own. Noncopyable, so that slots are changed in place.
  private struct Shard: ~Copyable {
    var slots: [Slot]
  }

  private final class Guarded: Sendable {
    let shard: Mutex<Shard>
    init(slots: Int) { shard = Mutex(Shard(slots: Array(repeating: Slot(), count: slots))) }
  }

  private static let shardCount = 64
  private static let ways = 4

  private let shards: [Guarded]
  private let setMask: UInt64
  private let rules = Mutex<(fingerprint: Digest256?, stamp: UInt32)>((nil, 0))

  /// A cache of about so many tokens, at least 256.
  init(tokens: Int) {
    var sets = 1
    while sets * TokenCache.ways * TokenCache.shardCount < tokens { sets *= 2 }
    setMask = UInt64(sets - 1)
    shards = (0..<TokenCache.shardCount).map { _ in Guarded(slots: sets * TokenCache.ways) }
  }

  /// A number for the rules with this fingerprint: what was found right under other rules is not
  /// found under these.
  func stamp(for fingerprint: Digest256) -> UInt32 {
    rules.withLock { known in
      if known.fingerprint != fingerprint {
        known.fingerprint = fingerprint
        known.stamp &+= 1
      }
      return known.stamp
    }
  }

  /// Who a token was found to be of, if that still holds.
  func find(_ digest: Digest256, stamp: UInt64, nowMilliseconds: UInt64) -> Consumer? {
    let words = digest.words
    let first = Int(words.1 & setMask) * TokenCache.ways
    let found = shards[Int(words.0 >> 58)].shard.withLockIfAvailable { shard in
      for place in first..<first + TokenCache.ways {
        if shard.slots[place].digest == words, shard.slots[place].stamp == stamp,
          nowMilliseconds < shard.slots[place].expiryMilliseconds
        {
          return shard.slots[place].consumer
        }
      }
      return nil
    }
    return found ?? nil
  }

  /// Keeps a token until it expires, or until another needs its place.
  func keep(
    _ digest: Digest256, stamp: UInt64, expiryMilliseconds: UInt64, nowMilliseconds: UInt64,
    consumer: Consumer
  ) {
    let words = digest.words
    let first = Int(words.1 & setMask) * TokenCache.ways
    shards[Int(words.0 >> 58)].shard.withLockIfAvailable { shard in
      // One that is of no use any more, else one by chance: in turn, tokens that come round in a
      // circle a little larger than the cache would never be found.
      var place = first + Int(words.2 & UInt64(TokenCache.ways - 1))
      for other in first..<first + TokenCache.ways {
        let slot = shard.slots[other]
        if slot.digest == words || slot.consumer == nil || slot.stamp != stamp
          || slot.expiryMilliseconds <= nowMilliseconds
        {
          place = other
          break
        }
      }
      shard.slots[place] = Slot(
        digest: words, stamp: stamp, expiryMilliseconds: expiryMilliseconds, consumer: consumer)
    }
  }
}
