public import Runtime
import Synchronization

/// Keeps a copy of a shared database beside the gateway: the last good state, sealed as there.
///
/// The gateway reads the copy alone, so that it starts and serves without the database.
public final class StoreMirror: Sendable {
  /// Records copied at a time.
  private static let batch = 1000
  /// How often the database is asked even if it tells of nothing, in milliseconds.
  private static let silence: Int32 = 1000

  private let remote: any RecordStore
  private let copy: any CopyStore
  private let mailbox: Mailbox<Bool>
  private let report: @Sendable (StoreError?) -> Void
  private let isUpToDate = Mutex(false)

  /// A copy of `remote` in `copy`. `report` hears of a failure, and of nil when all is well.
  public init(
    of remote: any RecordStore, in copy: any CopyStore,
    report: @escaping @Sendable (StoreError?) -> Void
  ) throws(SystemError) {
    self.remote = remote
    self.copy = copy
    self.report = report
    mailbox = try Mailbox()
  }

  /// Copies once, and goes on on a thread of its own. Throws if the database cannot be reached and
  /// nothing was ever copied.
  public func start() throws {
    do throws(StoreError) {
      try catchUp()
    } catch {
      if try copy.copiedPosition() == 0 { throw error }
      report(error)
    }
    remote.observe { [mailbox] in mailbox.post(true) }
    try Thread.start(named: "store-copy") { [self] in follow() }
  }

  private func follow() {
    var hasFailed = false
    while true {
      do throws(StoreError) {
        try catchUp()
        if hasFailed { report(nil) }
        hasFailed = false
      } catch {
        if !hasFailed { report(error) }
        hasFailed = true
      }
      mailbox.wait(milliseconds: StoreMirror.silence)
      _ = mailbox.take()
    }
  }

  /// Copies the keys, if the database can be reached.
  public func copyKeys() throws(StoreError) {
    do throws(StoreError) {
      try copy.replace(try remote.keys())
    } catch {
      guard case .unavailable = error else { throw error }
    }
  }

  /// Copies what has changed.
  private func catchUp() throws(StoreError) {
    if !isUpToDate.withLock({ $0 }) {
      try remote.migrateToCurrent()
      isUpToDate.withLock { $0 = true }
    }
    var position = try copy.copiedPosition()
    while true {
      let changes = try remote.changes(
        after: position, limit: StoreMirror.batch, withIndexes: true)
      if changes.position == position, !changes.isIncomplete { return }
      if changes.isIncomplete || changes.position < position || position == 0 {
        return try copyAll()
      }
      try copy.copy(changes, keys: remote.keys())
      position = changes.position
      if !changes.hasMore { return }
    }
  }

  /// Copies everything, in place of what was here; until all of it is there, what was here serves.
  private func copyAll() throws(StoreError) {
    var position: Int? = 0
    try copy.replace(keys: remote.keys()) { () throws(StoreError) in
      guard let begin = position else { return nil }
      let changes = try remote.changes(after: begin, limit: StoreMirror.batch, withIndexes: true)
      position = changes.hasMore ? changes.position : nil
      return changes
    }
  }
}
