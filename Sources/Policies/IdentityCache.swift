import Crypto
import PolicyKit
import Synchronization

/// Credentials that were found right, by the SHA-256 of all their bytes (JWT-14).
///
/// A hit neither allocates nor waits: a shard that another loop is in counts as a miss. The place
/// comes from the hash, so nobody can choose credentials that crowd each other out without breaking
/// it.
final class IdentityCache: Sendable {
  /// What was known of one credential.
  private struct Slot {
    var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var stamp: UInt64 = 0
    var expiryMilliseconds: UInt64 = 0
    var identity: KnownIdentity?
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

  /// A cache of about so many credentials, at least 256.
  init(count: Int) {
    var sets = 1
    while sets * IdentityCache.ways * IdentityCache.shardCount < count { sets *= 2 }
    setMask = UInt64(sets - 1)
    shards = (0..<IdentityCache.shardCount).map { _ in Guarded(slots: sets * IdentityCache.ways) }
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

  /// Whose a credential was found to be, if that still holds.
  func find(_ digest: Digest256, stamp: UInt64, nowMilliseconds: UInt64) -> KnownIdentity? {
    let words = digest.words
    let first = Int(words.1 & setMask) * IdentityCache.ways
    let found = shards[Int(words.0 >> 58)].shard.withLockIfAvailable { shard in
      for place in first..<first + IdentityCache.ways {
        if shard.slots[place].digest == words, shard.slots[place].stamp == stamp,
          nowMilliseconds < shard.slots[place].expiryMilliseconds
        {
          return shard.slots[place].identity
        }
      }
      return nil
    }
    return found ?? nil
  }

  /// Puts another identity in the place of what is kept of a credential, until the same time;
  /// nothing if that is gone.
  func replace(_ digest: Digest256, stamp: UInt64, identity: KnownIdentity) {
    let words = digest.words
    let first = Int(words.1 & setMask) * IdentityCache.ways
    shards[Int(words.0 >> 58)].shard.withLockIfAvailable { shard in
      for place in first..<first + IdentityCache.ways
      where shard.slots[place].digest == words && shard.slots[place].stamp == stamp {
        shard.slots[place].identity = identity
      }
    }
  }

  /// Keeps a credential until it expires, or until another needs its place.
  func keep(
    _ digest: Digest256, stamp: UInt64, expiryMilliseconds: UInt64, nowMilliseconds: UInt64,
    identity: KnownIdentity
  ) {
    let words = digest.words
    let first = Int(words.1 & setMask) * IdentityCache.ways
    shards[Int(words.0 >> 58)].shard.withLockIfAvailable { shard in
      // One that is of no use any more, else one by chance: in turn, those that come round in a
      // circle a little larger than the cache would never be found.
      var place = first + Int(words.2 & UInt64(IdentityCache.ways - 1))
      for other in first..<first + IdentityCache.ways {
        let slot = shard.slots[other]
        if slot.digest == words || slot.identity == nil || slot.stamp != stamp
          || slot.expiryMilliseconds <= nowMilliseconds
        {
          place = other
          break
        }
      }
      shard.slots[place] = Slot(
        digest: words, stamp: stamp, expiryMilliseconds: expiryMilliseconds, identity: identity)
    }
  }
}
