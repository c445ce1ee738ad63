public import Base
public import HTTP
import Synchronization

/// Responses that are kept for all loops, within a bound, and who waits for one of them.
///
/// It is made of shards with a lock each, which is held for a look into a table. What gives way to
/// new responses is found by a clock: what was not used since its hand came by last.
public final class ResponseCache: Sendable {
  /// What is there for a request.
  public enum Found: Sendable {
    case response(CachedResponse)
    /// Responses of the same key, and none for this request.
    case otherVariants
    case nothing
  }

  /// How a request that needs the upstream stands to others of its key.
  public enum Turn: Sendable {
    /// It asks for all of them.
    case leads
    /// Another asks; it is called when that one has its answer.
    case waits
    /// It asks for itself: the last answer was not for others.
    case alone
  }

  private struct Group {
    var variants: [CachedResponse] = []
    var isAsked = false
    var waiters: [@Sendable () -> Void] = []
    /// Until when nobody waits for others.
    var aloneUntil = Instant(nanoseconds: 0)
  }

  private struct Shard {
    var groups: [CacheKey: Group] = [:]
    var ring: [CachedResponse?] = []
    var hand = 0
    var free: [Int] = []
    var bytes = 0
  }

  private final class ShardBox: Sendable {
    let mutex = Mutex(Shard())
  }

  private static let shardCount = 8
  /// Most variants of one key: beyond, the oldest goes.
  private static let variantsMax = 32
  /// Most that wait for one answer: others ask for themselves.
  private static let waitersMax = 4096
  /// How long nobody waits after an answer that was not for others.
  private static let aloneMilliseconds = 10_000
  /// Keys without responses that are remembered in a shard.
  private static let emptyGroupsMax = 4096

  /// The most that is kept, in bytes.
  public let bytesMax: Int
  private let shards: [ShardBox]
  private let recording = Atomic<Int>(0)

  /// A cache of so many bytes.
  public init(bytesMax: Int) {
    self.bytesMax = bytesMax
    shards = (0..<ResponseCache.shardCount).map { _ in ShardBox() }
  }

  private func shard(_ key: CacheKey) -> ShardBox {
    shards[Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))]
  }

  // MARK: Looking

  /// The response for a request, fresh or not, and whether there are others.
  public func find(
    _ asked: CacheRequest, _ requestFields: borrowing Fields, rules: CacheRules
  ) -> Found {
    let variants = shard(asked.key).mutex.withLock { $0.groups[asked.key]?.variants ?? [] }
    for variant in variants.reversed() {
      guard variant.consumer == nil || variant.consumer == asked.consumer else { continue }
      // What is everybody's is for those alone who show nobody, unless it says more.
      if asked.hasCredentials, !variant.isForAll, variant.consumer == nil { continue }
      if ResponseCache.matches(variant, requestFields, rules) {
        variant.isUsed.store(true, ordering: .relaxed)
        return .response(variant)
      }
    }
    return variants.isEmpty ? .nothing : .otherVariants
  }

  private static func matches(
    _ variant: CachedResponse, _ fields: borrowing Fields, _ rules: CacheRules
  ) -> Bool {
    for selector in variant.selectors
    where CacheStorability.value(selector.name, fields, rules) != selector.value {
      return false
    }
    return true
  }

  // MARK: Who asks

  /// Takes a request's turn; `wake` is called once if it waits.
  public func takeTurn(
    _ key: CacheKey, now: Instant, wake: @escaping @Sendable () -> Void
  ) -> Turn {
    shard(key).mutex.withLock { shard in
      var group = shard.groups[key] ?? Group()
      defer { shard.groups[key] = group }
      if !group.isAsked {
        if group.aloneUntil > now { return .alone }
        group.isAsked = true
        return .leads
      }
      if group.waiters.count >= ResponseCache.waitersMax { return .alone }
      group.waiters.append(wake)
      return .waits
    }
  }

  /// Whether somebody asks about a key.
  public func isAsked(_ key: CacheKey) -> Bool {
    shard(key).mutex.withLock { $0.groups[key]?.isAsked == true }
  }

  /// Who asked has an answer, or none: those who wait go on. `isShared` says whether it was kept;
  /// nil that there was no answer.
  public func endTurn(_ key: CacheKey, isShared: Bool?, now: Instant) {
    let waiters = shard(key).mutex.withLock { shard -> [@Sendable () -> Void] in
      guard var group = shard.groups[key] else { return [] }
      let waiters = group.waiters
      (group.isAsked, group.waiters) = (false, [])
      if isShared == false {
        group.aloneUntil = now.adding(milliseconds: ResponseCache.aloneMilliseconds)
      }
      let isEmpty = group.variants.isEmpty
      let isForgotten =
        isEmpty && (group.aloneUntil <= now || shard.groups.count > ResponseCache.emptyGroupsMax)
      shard.groups[key] = isForgotten ? nil : group
      return waiters
    }
    for wake in waiters { wake() }
  }

  // MARK: Keeping

  /// Whether so many bytes more may be held for responses that are not whole yet.
  public func reserve(_ bytes: Int) -> Bool {
    if recording.add(bytes, ordering: .relaxed).newValue <= max(bytesMax / 4, 64 * 1024) {
      return true
    }
    recording.subtract(bytes, ordering: .relaxed)
    return false
  }

  /// Gives back what was reserved.
  public func release(_ bytes: Int) { recording.subtract(bytes, ordering: .relaxed) }

  /// Keeps a response in the place of the one for the same requests; false if it is too large.
  @discardableResult
  public func keep(_ response: CachedResponse) -> Bool {
    let most = bytesMax / shards.count
    if response.cost > most / 2 { return false }
    shard(response.key).mutex.withLock { shard in
      var group = shard.groups[response.key] ?? Group()
      if let place = group.variants.firstIndex(where: {
        $0.selectors == response.selectors && $0.consumer == response.consumer
      }) {
        ResponseCache.drop(group.variants.remove(at: place), &shard)
      } else if group.variants.count == ResponseCache.variantsMax {
        ResponseCache.drop(group.variants.removeFirst(), &shard)
      }
      group.variants.append(response)
      shard.groups[response.key] = group
      if let place = shard.free.popLast() {
        shard.ring[place] = response
      } else {
        shard.ring.append(response)
      }
      shard.bytes += response.cost
      ResponseCache.makeRoom(&shard, most, sparing: response)
    }
    return true
  }

  private static func drop(_ response: CachedResponse, _ shard: inout Shard) {
    if response.isGone.exchange(true, ordering: .relaxed) { return }
    shard.bytes -= response.cost
  }

  /// Moves the hand until there is room.
  private static func makeRoom(_ shard: inout Shard, _ most: Int, sparing: CachedResponse) {
    var steps = 2 * shard.ring.count + 1
    while shard.bytes > most, steps > 0 {
      steps -= 1
      shard.hand = (shard.hand + 1) % shard.ring.count
      guard let response = shard.ring[shard.hand] else { continue }
      if response.isGone.load(ordering: .relaxed) {
        shard.ring[shard.hand] = nil
        shard.free.append(shard.hand)
      } else if response === sparing
        || response.isUsed.exchange(false, ordering: .relaxed)
      {
        continue
      } else {
        shard.ring[shard.hand] = nil
        shard.free.append(shard.hand)
        drop(response, &shard)
        remove(response, &shard)
      }
    }
  }

  private static func remove(_ response: CachedResponse, _ shard: inout Shard) {
    guard var group = shard.groups[response.key] else { return }
    group.variants.removeAll { $0 === response }
    let isOver = group.variants.isEmpty && !group.isAsked
    shard.groups[response.key] = isOver ? nil : group
  }

  // MARK: Forgetting

  /// Forgets all responses of a key.
  public func forget(_ key: CacheKey) {
    shard(key).mutex.withLock { shard in
      guard var group = shard.groups[key] else { return }
      for variant in group.variants { ResponseCache.drop(variant, &shard) }
      group.variants = []
      shard.groups[key] = group.isAsked ? group : nil
    }
  }

  /// Forgets all responses that `isMeant`; how many those were.
  public func forget(where isMeant: (CacheKey) -> Bool) -> Int {
    var count = 0
    for box in shards {
      count += box.mutex.withLock { shard in
        var removed = 0
        for (key, var group) in shard.groups where !group.variants.isEmpty && isMeant(key) {
          for variant in group.variants { ResponseCache.drop(variant, &shard) }
          removed += group.variants.count
          group.variants = []
          shard.groups[key] = group.isAsked ? group : nil
        }
        return removed
      }
    }
    return count
  }

  /// What is kept, in bytes, and how many responses.
  public var size: (bytes: Int, responses: Int) {
    shards.reduce(into: (0, 0)) { sum, box in
      let (bytes, count) = box.mutex.withLock { shard in
        (shard.bytes, shard.groups.values.reduce(0) { $0 + $1.variants.count })
      }
      sum = (sum.0 + bytes, sum.1 + count)
    }
  }
}
