/// Consumers by name and keys by hash, in shards: a change copies one shard of some hundred places,
/// and whoever has the table as it was before does not notice.
public struct LiveTable: Sendable {
  /// Keys of one shard in an open-addressing table; the place comes from the hash's own bits, which
  /// nobody can choose who does not know the key of the hash.
  ///
  /// Among a million keys, each object that is looked at is a miss of all caches. So the hash's
  /// first word stands beside the key, by which those that are merely in the way are passed by, and
  /// the owner does too, so that the processor waits for both at once.
  fileprivate struct Shard: Sendable {
    struct Place: Sendable {
      var word: UInt64 = 0
      var key: LiveKey?
      var owner: Consumer?
    }

    var places: [Place] = Array(repeating: Place(), count: 8)
    var count = 0
  }

  /// A shard is split when there are so many for each on average.
  private static let perShard = 512
  private static let consumerShards = 1024
  private static let endingShards = 256

  /// Half of a keyed hash: nobody finds two of the same who does not know the key.
  private struct EndingKey: Hashable {
    let first, second: UInt64
    init(_ digest: KeyDigestWords) { (first, second) = (digest.0, digest.1) }
  }

  private var shards = [Shard](repeating: Shard(), count: 1)
  private var shardBits = 0
  private var consumers = [[String: Consumer]](repeating: [:], count: LiveTable.consumerShards)
  /// How many keys there are.
  public private(set) var keyCount = 0
  /// How many consumers there are.
  public private(set) var consumerCount = 0

  /// Changes whenever a session has ended; never what it was.
  public private(set) var endingGeneration: UInt32 = 0
  private var endings = [[EndingKey: UInt64]](repeating: [:], count: LiveTable.endingShards)

  /// The bans that are in force.
  public var bans = BanTable()

  /// An empty table.
  public init() {}

  /// Empties the table.
  public mutating func clear() {
    let generation = endingGeneration
    self = LiveTable()
    endingGeneration = generation &+ 1
  }

  // MARK: Keys

  @inline(__always)
  private func shard(_ word: UInt64) -> Int { shardBits == 0 ? 0 : Int(word >> (64 - shardBits)) }

  /// The key with this keyed hash, compared in constant time.
  public func key(_ digest: KeyDigestWords) -> LiveKey? { find(digest)?.key }

  /// The key with this keyed hash, if its owner is one who may come in.
  func usableKey(_ digest: KeyDigestWords) -> LiveKey? {
    guard let (key, isUsable) = find(digest), isUsable else { return nil }
    return key
  }

  @inline(__always)
  private func find(_ digest: KeyDigestWords) -> (key: LiveKey, isUsable: Bool)? {
    // Spans, so that no count of references is touched: with a million keys each is a cache miss.
    let all = shards.span
    let places = all[shard(digest.0)].places.span
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: digest.0) & mask
    while let held = places[place].key {
      // A first word that differs tells no more than that: the hash is keyed.
      if places[place].word == digest.0 {
        // The owner is asked for before the hash is compared: neither waits for the other.
        let isUsable = places[place].owner?.isDisabled == false
        let other = held.digest
        let difference = (other.1 ^ digest.1) | (other.2 ^ digest.2) | (other.3 ^ digest.3)
        if difference == 0 { return (held, isUsable) }
      }
      place = (place + 1) & mask
    }
    return nil
  }

  /// The key whose hash begins with this word.
  public func key(beginningWith word: UInt64) -> LiveKey? {
    let shard = shards[shard(word)]
    let mask = shard.places.count - 1
    var place = Int(truncatingIfNeeded: word) & mask
    while let held = shard.places[place].key {
      if shard.places[place].word == word { return held }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Puts a key in; one of the same hash is replaced.
  public mutating func set(_ key: LiveKey) {
    let isNew = shards[shard(key.digest.0)].set(key)
    guard isNew else { return }
    keyCount += 1
    if keyCount > LiveTable.perShard << shardBits { split() }
  }

  /// Takes out the key whose hash begins with this word.
  public mutating func removeKey(beginningWith word: UInt64) {
    if shards[shard(word)].remove(word) { keyCount -= 1 }
  }

  private mutating func split() {
    let old = shards
    shardBits += 2
    shards = Array(repeating: Shard(), count: 1 << shardBits)
    for part in old {
      for place in part.places {
        if let key = place.key { _ = shards[shard(place.word)].set(key) }
      }
    }
  }

  // MARK: Sessions

  private static func endingShard(_ digest: KeyDigestWords) -> Int { Int(digest.2 >> 56) }

  /// Until when sessions have begun that have ended, by the keyed hash of their name or of
  /// somebody's.
  public func ended(_ digest: KeyDigestWords) -> UInt64? {
    endings[LiveTable.endingShard(digest)][EndingKey(digest)]
  }

  /// Notes that sessions have ended that began until then.
  public mutating func setEnded(_ digest: KeyDigestWords, startMilliseconds: UInt64) {
    endings[LiveTable.endingShard(digest)][EndingKey(digest)] = startMilliseconds
    endingGeneration &+= 1
  }

  /// Forgets that sessions have ended, which nobody shows any more.
  public mutating func removeEnded(_ digest: KeyDigestWords) {
    endings[LiveTable.endingShard(digest)][EndingKey(digest)] = nil
  }

  // MARK: Consumers

  /// FNV-1a: who may be a consumer is the administrator's to say, so that nobody chooses names to
  /// make shards uneven.
  private static func consumerShard(_ name: String) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash >> 20) & (consumerShards - 1)
  }

  /// The consumer called `name`.
  public func consumer(named name: String) -> Consumer? {
    consumers[LiveTable.consumerShard(name)][name]
  }

  /// Puts a consumer in; one of the same name is replaced.
  public mutating func set(_ consumer: Consumer) {
    let shard = LiveTable.consumerShard(consumer.name)
    if consumers[shard].updateValue(consumer, forKey: consumer.name) == nil { consumerCount += 1 }
  }

  /// Takes a consumer out; its keys are taken out one by one.
  public mutating func removeConsumer(named name: String) {
    let shard = LiveTable.consumerShard(name)
    if consumers[shard].removeValue(forKey: name) != nil { consumerCount -= 1 }
  }
}

extension LiveTable.Shard {
  /// Whether the key is a new one.
  fileprivate mutating func set(_ key: LiveKey) -> Bool {
    if 3 * (count + 1) > 2 * places.count { grow() }
    let place = place(of: key.digest.0)
    let isNew = places[place].key == nil
    places[place] = Place(word: key.digest.0, key: key, owner: key.consumer)
    if isNew { count += 1 }
    return isNew
  }

  /// The place of the key with this first word, or the free one where it belongs.
  private func place(of word: UInt64) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: word) & mask
    while places[place].key != nil, places[place].word != word { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = places
    places = Array(repeating: Place(), count: 2 * old.count)
    for held in old where held.key != nil { places[place(of: held.word)] = held }
  }

  fileprivate mutating func remove(_ word: UInt64) -> Bool {
    let found = place(of: word)
    guard places[found].key != nil else { return false }
    places[found] = Place()
    count -= 1
    // Those behind it may have been pushed there by it: they are put in anew.
    let mask = places.count - 1
    var next = (found + 1) & mask
    while places[next].key != nil {
      let moved = places[next]
      places[next] = Place()
      places[place(of: moved.word)] = moved
      next = (next + 1) & mask
    }
    return true
  }
}
