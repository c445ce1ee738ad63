import CPostgres

/// A connection to PostgreSQL.
@safe final class PostgresConnection: SQLConnection {
  private var connection: OpaquePointer?

  private static let int8: UInt32 = 20
  private static let int4: UInt32 = 23
  private static let text: UInt32 = 25
  private static let bytea: UInt32 = 17

  /// Connects by a `postgres://` URL (libpq's connection URIs); gives up after five seconds.
  init(url: String) throws(StoreError) {
    let names = [
      "dbname", "connect_timeout", "application_name", "options", "tcp_user_timeout",
      "client_encoding",
    ]
    // A server that hangs must not hold the gateway's threads for ever.
    let values = [
      url, "5", "gatehouse",
      "-c statement_timeout=10000 -c lock_timeout=5000 "
        + "-c idle_in_transaction_session_timeout=10000 -c client_min_messages=warning",
      "5000", "UTF8",
    ]
    // Safety: the copies of both lists live until the call has returned, and are freed behind it.
    let (keys, words) = unsafe (names.map { unsafe strdup($0) }, values.map { unsafe strdup($0) })
    defer { unsafe (keys + words).forEach { unsafe free($0) } }
    let nameList = unsafe keys.map { unsafe UnsafePointer<CChar>($0) } + [nil]
    let valueList = unsafe words.map { unsafe UnsafePointer<CChar>($0) } + [nil]
    unsafe connection = unsafe PQconnectdbParams(nameList, valueList, 1)
    guard unsafe PQstatus(connection) == CONNECTION_OK else {
      let reason = message
      close()
      throw .unavailable(reason)
    }
  }

  deinit { close() }

  var isUsable: Bool {
    // Safety: the connection is this object's own.
    unsafe connection != nil && PQstatus(connection) == CONNECTION_OK
  }

  func close() {
    // Safety: nothing uses the connection after this.
    if let open = unsafe connection { unsafe PQfinish(open) }
    unsafe connection = nil
  }

  /// The first line of what the library says; it names no password.
  private var message: String {
    // Safety: the text is copied at once.
    guard let open = unsafe connection, let text = unsafe PQerrorMessage(open) else {
      return "out of memory"
    }
    let lines = unsafe String(cString: text).split(separator: "\n")
    return lines.first.map(String.init) ?? "the connection failed"
  }

  func script(_ statements: String) throws(StoreError) {
    // Safety: the result is cleared when it was looked at.
    let result = unsafe PQexec(connection, statements)
    defer { unsafe PQclear(result) }
    try unsafe check(result)
  }

  @unsafe
  private func check(_ result: OpaquePointer?) throws(StoreError) {
    // Safety: a result of this connection, or none if memory or the connection is lost.
    let status = unsafe PQresultStatus(result)
    if status != PGRES_COMMAND_OK, status != PGRES_TUPLES_OK { throw .unavailable(message) }
  }

  func run(_ statement: String, _ values: [SQLValue]) throws(StoreError) -> [[SQLValue]] {
    var types: [UInt32] = []
    var room: [UInt8] = []
    var ranges: [Range<Int>?] = []
    for value in values {
      let start = room.count
      switch value {
      case .null:
        types.append(PostgresConnection.int8)
        ranges.append(nil)
        continue
      case .integer(let number):
        types.append(PostgresConnection.int8)
        for shift in stride(from: 56, through: 0, by: -8) {
          room.append(UInt8(truncatingIfNeeded: number >> shift))
        }
      case .text(let text):
        types.append(PostgresConnection.text)
        room += text.utf8
      case .bytes(let bytes):
        types.append(PostgresConnection.bytea)
        room += bytes
      }
      ranges.append(start..<room.count)
    }
    // An empty value must still have an address.
    room.append(0)
    let lengths = ranges.map { Int32($0?.count ?? 0) }
    let formats = [Int32](repeating: 1, count: values.count)
    // Safety: all values stand in one array, which does not move during the call.
    let result = unsafe room.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      let pointers = unsafe ranges.map { range -> UnsafePointer<CChar>? in
        guard let range, let base = unsafe base else { return nil }
        return unsafe base + range.lowerBound
      }
      return unsafe PQexecParams(
        connection, statement, Int32(values.count), types, pointers, lengths, formats, 1)
    }
    // Safety: cleared when it was copied from.
    defer { unsafe PQclear(result) }
    try unsafe check(result)
    return unsafe PostgresConnection.rows(of: result)
  }

  @unsafe
  private static func rows(of result: OpaquePointer?) -> [[SQLValue]] {
    // Safety: the counts are the result's own, and each value is copied.
    let (rows, columns) = unsafe (PQntuples(result), PQnfields(result))
    return (0..<rows).map { row in
      (0..<columns).map { column in
        if unsafe PQgetisnull(result, row, column) == 1 { return .null }
        let count = Int(unsafe PQgetlength(result, row, column))
        guard let start = unsafe PQgetvalue(result, row, column) else { return .null }
        let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
        switch unsafe PQftype(result, column) {
        case int8, int4:
          var number = bytes.first.map { $0 & 0x80 != 0 ? -1 : 0 } ?? 0
          for byte in bytes { number = number << 8 | Int(byte) }
          return .integer(number)
        case bytea: return .bytes(bytes)
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
      }
    }
  }

  /// Waits for a notification, at most so long; whether the connection still stands.
  func awaitNotification(milliseconds: Int32) -> Bool {
    // Safety: the connection is this object's own; each notification is freed.
    guard unsafe shim_PQwait(connection, milliseconds) >= 0,
      unsafe PQconsumeInput(connection) == 1
    else { return false }
    while let notification = unsafe PQnotifies(connection) { unsafe PQfreemem(notification) }
    return isUsable
  }
}
