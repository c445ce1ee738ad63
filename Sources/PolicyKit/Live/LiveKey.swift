import Synchronization

/// An API key of the store, as the loops see it: whose it is, until when, and when it was used.
public final class LiveKey: Sendable {
  /// Whose it is, with the key's own scopes.
  public let consumer: Consumer
  /// When it ceases to be good, in milliseconds since 1970; `UInt64.max` for never.
  public let expiresMilliseconds: UInt64
  private let used: Atomic<UInt64>
  /// The keyed hash of the key.
  public let digest: KeyDigestWords
  private let reported: Atomic<UInt64>

  /// How exactly it is known when a key was used, in milliseconds.
  private static let exactness: UInt64 = 1000
  /// How often the use of a key is told to the store, in milliseconds.
  private static let reportMilliseconds: UInt64 = 600_000

  /// A key that was last used at `lastUsed`; 0 for never.
  public init(
    digest: KeyDigestWords, consumer: Consumer, expiresMilliseconds: UInt64 = .max,
    lastUsed: UInt64 = 0
  ) {
    self.digest = digest
    self.consumer = consumer
    self.expiresMilliseconds = expiresMilliseconds
    used = Atomic(lastUsed)
    reported = Atomic(lastUsed)
  }

  /// When it was used last, in milliseconds since 1970; 0 for never.
  public var lastUsedMilliseconds: UInt64 { used.load(ordering: .relaxed) }

  /// Notes that it is used now; whether that is worth telling the store.
  ///
  /// Most uses store nothing at all, so that loops do not write to memory that others read.
  func isUsed(atMilliseconds now: UInt64) -> Bool {
    let last = used.load(ordering: .relaxed)
    guard now > last, now - last >= LiveKey.exactness else { return false }
    used.store(now, ordering: .relaxed)
    let told = reported.load(ordering: .relaxed)
    guard now > told, now - told >= LiveKey.reportMilliseconds else { return false }
    return reported.compareExchange(expected: told, desired: now, ordering: .relaxed).exchanged
  }
}
