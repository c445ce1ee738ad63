/// The consumers and keys of the store at one moment; it never changes, and any loop reads it
/// without a lock.
///
/// A change makes the next directory, which shares with this one all that is the same.
public final class LiveDirectory: Sendable {
  private let table: LiveTable
  private let uses: KeyUses
  private let hash: @Sendable (KeyDigestWords) -> KeyDigestWords

  /// The directory of what `table` holds now. `hash` makes the keyed hash of a key's SHA-256.
  public init(
    _ table: LiveTable, uses: KeyUses, hash: @escaping @Sendable (KeyDigestWords) -> KeyDigestWords
  ) {
    self.table = table
    self.uses = uses
    self.hash = hash
  }

  /// The key with this SHA-256, if there is one and it is good at this time; notes its use.
  public func key(ofSHA256 digest: KeyDigestWords, atMilliseconds now: UInt64) -> LiveKey? {
    guard let key = table.usableKey(hash(digest)), now < key.expiresMilliseconds else {
      return nil
    }
    if key.isUsed(atMilliseconds: now) { uses.add(key) }
    return key
  }

  /// The consumer called `name`, disabled ones as well.
  public func consumer(named name: String) -> Consumer? { table.consumer(named: name) }

  /// Until when sessions have begun that ended before their time, by the SHA-256 of their name or
  /// of somebody's; nil if none has. In milliseconds since 1970.
  public func ended(ofSHA256 digest: KeyDigestWords) -> UInt64? { table.ended(hash(digest)) }

  /// Changes whenever a session has ended.
  public var endingGeneration: UInt32 { table.endingGeneration }

  /// The key whose keyed hash begins with this word, for those who tell of it.
  public func key(beginningWith word: UInt64) -> LiveKey? { table.key(beginningWith: word) }

  /// The bans that are in force.
  public var bans: BanTable { table.bans }

  /// How many keys there are.
  public var keyCount: Int { table.keyCount }
  /// How many consumers there are.
  public var consumerCount: Int { table.consumerCount }
}
