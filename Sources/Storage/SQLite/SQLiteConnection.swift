import CSQLite

/// A connection to a database file of SQLite.
@safe final class SQLiteConnection: SQLConnection {
  private var database: OpaquePointer?
  /// Statements that were compiled, by their text; there are a few dozen.
  // Safety: an empty table.
  private var compiled: [String: OpaquePointer] = unsafe [:]

  /// How long another process may hold the file, in milliseconds.
  private static let busyMilliseconds: Int32 = 5000

  /// Opens the file at `path`, which is made if it is not there.
  init(path: String) throws(StoreError) {
    var database: OpaquePointer?
    // Safety: the path is a C string for the call; what it gives is owned here.
    let result = unsafe sqlite3_open_v2(
      path, &database,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE,
      nil)
    unsafe self.database = database
    guard result == SQLITE_OK else {
      let reason = message
      close()
      throw .unusable("the store \(path) cannot be opened: \(reason)")
    }
    // Safety: the connection is open.
    _ = unsafe sqlite3_busy_timeout(database, SQLiteConnection.busyMilliseconds)
    _ = unsafe shim_sqlite3_defensive(database)
    // With FULL, a commit is on the disk before it is acknowledged: NORMAL may lose the last ones
    // when the power fails.
    try script(
      """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
      PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
      """)
  }

  deinit { close() }

  // Safety: only looks whether there is one.
  var isUsable: Bool { unsafe database != nil }

  func close() {
    // Safety: each statement belongs to this connection and is used by nobody else.
    unsafe compiled.values.forEach { _ = unsafe sqlite3_finalize($0) }
    unsafe compiled = [:]
    // Safety: no statement is left, and nothing uses the connection after this.
    if let open = unsafe database { unsafe sqlite3_close_v2(open) }
    unsafe database = nil
  }

  private var message: String {
    // Safety: the text is copied at once.
    guard let open = unsafe database, let text = unsafe sqlite3_errmsg(open) else {
      return "out of memory"
    }
    return unsafe String(cString: text)
  }

  private func failure(_ result: Int32) -> StoreError {
    switch result & 0xFF {
    case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged(message)
    default: .unavailable(message)
    }
  }

  func script(_ statements: String) throws(StoreError) {
    // Safety: the connection is open, and the text a C string for the call.
    let result = unsafe sqlite3_exec(database, statements, nil, nil, nil)
    guard result == SQLITE_OK else { throw failure(result) }
  }

  func run(_ statement: String, _ values: [SQLValue]) throws(StoreError) -> [[SQLValue]] {
    // Safety: the statement is this connection's own, and reset when the call ends.
    let compiled = unsafe try compile(statement)
    defer {
      unsafe sqlite3_reset(compiled)
      unsafe sqlite3_clear_bindings(compiled)
    }
    for (place, value) in values.enumerated() {
      let result = unsafe SQLiteConnection.bind(value, to: compiled, Int32(place + 1))
      guard result == SQLITE_OK else { throw failure(result) }
    }
    var rows: [[SQLValue]] = []
    while true {
      let result = unsafe sqlite3_step(compiled)
      if result == SQLITE_DONE { return rows }
      guard result == SQLITE_ROW else { throw failure(result) }
      rows.append(unsafe SQLiteConnection.row(of: compiled))
    }
  }

  @unsafe
  private func compile(_ text: String) throws(StoreError) -> OpaquePointer {
    if let known = unsafe compiled[text] { return unsafe known }
    var made: OpaquePointer?
    // Safety: the text is a C string for the call; the statement is finalized with the connection.
    let result = unsafe sqlite3_prepare_v3(
      database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
    guard result == SQLITE_OK, let made = unsafe made else { throw failure(result) }
    unsafe compiled[text] = unsafe made
    return unsafe made
  }

  @unsafe
  private static func bind(_ value: SQLValue, to statement: OpaquePointer, _ at: Int32) -> Int32 {
    switch value {
    case .null: return unsafe sqlite3_bind_null(statement, at)
    case .integer(let number): return unsafe sqlite3_bind_int64(statement, at, Int64(number))
    case .text(let text):
      // Safety: SQLite copies the text during the call.
      return unsafe shim_sqlite3_bind_text(statement, at, text, Int32(text.utf8.count))
    case .bytes(let bytes):
      // Safety: SQLite copies the bytes during the call.
      return unsafe bytes.withUnsafeBytes {
        unsafe shim_sqlite3_bind_blob(statement, at, $0.baseAddress, Int32($0.count))
      }
    }
  }

  @unsafe
  private static func row(of statement: OpaquePointer) -> [SQLValue] {
    // Safety: the statement stands on a row; texts and bytes are copied before it moves on.
    let count = unsafe sqlite3_column_count(statement)
    return (0..<count).map { column in
      switch unsafe sqlite3_column_type(statement, column) {
      case SQLITE_INTEGER: return .integer(Int(unsafe sqlite3_column_int64(statement, column)))
      case SQLITE_TEXT:
        guard let text = unsafe sqlite3_column_text(statement, column) else { return .null }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        let bytes = unsafe UnsafeBufferPointer(start: text, count: count)
        return .text(unsafe String(decoding: bytes, as: UTF8.self))
      case SQLITE_BLOB:
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        guard let bytes = unsafe sqlite3_column_blob(statement, column) else { return .bytes([]) }
        return .bytes(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      default: return .null
      }
    }
  }
}
