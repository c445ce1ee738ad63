import Synchronization

/// Where sessions that end before their time are written down, so that every gateway on the same
/// store refuses them.
///
/// The store opens it when there is one; without, a session has ended in this process alone.
public final class SessionRegister: Sendable {
  /// What has ended.
  public struct Ending: Sendable {
    /// The SHA-256 of the name of a session, or of somebody's with whom sessions are.
    public let digest: KeyDigestWords
    /// Sessions that began later than this go on, in milliseconds since 1970.
    public let startMilliseconds: UInt64
    /// When it may be forgotten: nobody shows such a session after it.
    public let expiryMilliseconds: UInt64

    /// The end of what has this digest.
    public init(
      digest: KeyDigestWords, startMilliseconds: UInt64 = .max, expiryMilliseconds: UInt64
    ) {
      self.digest = digest
      self.startMilliseconds = startMilliseconds
      self.expiryMilliseconds = expiryMilliseconds
    }
  }

  /// What the one register of a process is retained by.
  public static let key = "session register"

  private let writer = Mutex<(@Sendable (Ending) -> Bool)?>(nil)

  /// One that writes nothing down yet.
  public init() {}

  /// Has endings written down by `writer`, which waits for the database; false if it could not.
  public func open(_ writer: @escaping @Sendable (Ending) -> Bool) {
    self.writer.withLock { $0 = writer }
  }

  /// Whether there is a store.
  public var isOpen: Bool { writer.withLock { $0 != nil } }

  /// Writes down that something has ended; waits, and so may not be called on a loop. False if
  /// nobody else will know of it.
  public func write(_ ending: Ending) -> Bool { writer.withLock { $0 }?(ending) ?? false }
}
