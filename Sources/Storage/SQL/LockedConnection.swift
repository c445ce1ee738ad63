import Synchronization

/// A connection that may be handed from thread to thread; a statement has it alone.
///
/// Whoever needs it for several statements, as a transaction does, holds the lock of the store.
final class LockedConnection: Sendable {
  private let connection: Mutex<any SQLConnection>

  init(_ connection: sending any SQLConnection) { self.connection = Mutex(connection) }

  func run(_ statement: String, _ values: [SQLValue]) throws(StoreError) -> [[SQLValue]] {
    try connection.withLock { connection throws(StoreError) in
      try connection.run(statement, values)
    }
  }

  func script(_ statements: String) throws(StoreError) {
    try connection.withLock { connection throws(StoreError) in try connection.script(statements) }
  }

  var isUsable: Bool { connection.withLock { $0.isUsable } }

  func close() { connection.withLock { $0.close() } }
}
