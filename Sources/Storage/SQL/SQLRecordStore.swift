import Synchronization

/// A store in a database that speaks SQL: one connection, opened again when it broke.
final class SQLRecordStore: RecordStore {
  /// Opens a connection.
  typealias Opener = @Sendable () throws(StoreError) -> sending any SQLConnection

  let summary: String
  private let dialect: SQLDialect
  private let open: Opener
  private let held = Mutex<LockedConnection?>(nil)
  private let observers = Mutex<[@Sendable () -> Void]>([])
  /// Begins to watch for what others write.
  private let watch: (@Sendable (@escaping @Sendable () -> Void) -> Void)?

  init(
    _ summary: String, dialect: SQLDialect, open: @escaping Opener,
    watch: (@Sendable (@escaping @Sendable () -> Void) -> Void)? = nil
  ) {
    self.summary = summary
    self.dialect = dialect
    self.open = open
    self.watch = watch
  }

  // MARK: The connection

  /// Lets `body` have the connection; one that broke is let go of.
  func use<Result: Sendable>(
    _ body: (LockedConnection) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try held.withLock { held throws(StoreError) in
      if let kept = held, kept.isUsable { return try body(kept) }
      held?.close()
      held = nil
      let made = LockedConnection(try open())
      held = made
      return try body(made)
    }
  }

  /// Lets `body` write: all of it or nothing.
  func transact<Result: Sendable>(
    _ body: (LockedConnection) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try use { connection throws(StoreError) in
      try connection.script(dialect.begin)
      do throws(StoreError) {
        let result = try body(connection)
        try connection.script("COMMIT")
        return result
      } catch {
        try? connection.script("ROLLBACK")
        throw error
      }
    }
  }

  func observe(_ notify: @escaping @Sendable () -> Void) {
    observers.withLock { $0.append(notify) }
    watch?(notify)
  }

  func wrote() { for notify in observers.withLock({ $0 }) { notify() } }

  func close() {
    held.withLock { held in
      held?.close()
      held = nil
    }
  }

  // MARK: Reading

  private static let columns = "kind, id, revision, position, expires, body"

  private static func record(_ row: [SQLValue]) throws(StoreError) -> StoredRecord {
    guard row.count >= 6, let kind = row[0].text, let id = row[1].text,
      let revision = row[2].integer, let position = row[3].integer, let body = row[5].bytes
    else { throw .damaged("a record has columns of other types") }
    return StoredRecord(
      kind: kind, id: id, revision: revision, position: position, expires: row[4].integer,
      body: body)
  }

  private static func records(_ rows: [[SQLValue]]) throws(StoreError) -> [StoredRecord] {
    var records: [StoredRecord] = []
    records.reserveCapacity(rows.count)
    for row in rows { records.append(try record(row)) }
    return records
  }

  func record(_ kind: String, _ id: String, now: Int) throws(StoreError) -> StoredRecord? {
    try use { connection throws(StoreError) in
      let rows = try connection.run(
        "SELECT \(SQLRecordStore.columns) FROM records WHERE kind = $1 AND id = $2 "
          + "AND (expires IS NULL OR expires > $3)",
        [.text(kind), .text(id), .integer(now)])
      return try SQLRecordStore.records(rows).first
    }
  }

  func records(
    _ kind: String, after id: String, limit: Int, now: Int
  ) throws(StoreError) -> [StoredRecord] {
    try use { connection throws(StoreError) in
      try SQLRecordStore.records(
        connection.run(
          "SELECT \(SQLRecordStore.columns) FROM records WHERE kind = $1 AND id > $2 "
            + "AND (expires IS NULL OR expires > $3) ORDER BY id LIMIT $4",
          [.text(kind), .text(id), .integer(now), .integer(limit)]))
    }
  }

  func records(
    _ kind: String, index: String, value: String, after id: String, limit: Int, now: Int
  ) throws(StoreError) -> [StoredRecord] {
    try use { connection throws(StoreError) in
      try SQLRecordStore.records(
        connection.run(
          "SELECT r.kind, r.id, r.revision, r.position, r.expires, r.body "
            + "FROM record_index i JOIN records r ON r.kind = i.kind AND r.id = i.id "
            + "WHERE i.kind = $1 AND i.name = $2 AND i.value = $3 AND i.id > $4 "
            + "AND (r.expires IS NULL OR r.expires > $5) ORDER BY i.id LIMIT $6",
          [
            .text(kind), .text(index), .text(value), .text(id), .integer(now), .integer(limit),
          ]))
    }
  }

  func count(_ kind: String) throws(StoreError) -> Int {
    try use { connection throws(StoreError) in
      try connection.run("SELECT count(*) FROM records WHERE kind = $1", [.text(kind)])
        .first?.first?.integer ?? 0
    }
  }

  // MARK: Writing

  /// The position that this transaction writes at. Its row is locked from here to the end, so that
  /// positions become visible in their order.
  func advance(_ connection: LockedConnection) throws(StoreError) -> Int {
    let rows = try connection.run(
      "UPDATE positions SET position = position + 1 WHERE name = 'last' RETURNING position", [])
    guard let position = rows.first?.first?.integer else {
      throw .damaged("the position of the store is missing")
    }
    return position
  }

  func commit(
    _ changes: [RecordChange], journal: JournalMaker?
  ) throws(StoreError) -> Int {
    let position = try transact { connection throws(StoreError) in
      let position = try advance(connection)
      for change in changes { try apply(change, at: position, connection) }
      if let journal { try append(journal, connection) }
      try notify(connection)
      return position
    }
    wrote()
    return position
  }

  func commit(each batches: [RecordBatch]) throws(StoreError) -> [StoreError?] {
    let outcomes = try transact { connection throws(StoreError) in
      let position = try advance(connection)
      var outcomes: [StoreError?] = []
      for batch in batches { outcomes.append(try attempt(batch, at: position, connection)) }
      try notify(connection)
      return outcomes
    }
    wrote()
    return outcomes
  }

  /// Makes the changes of a batch, or none of them and tells of the conflict.
  private func attempt(
    _ batch: RecordBatch, at position: Int, _ connection: LockedConnection
  ) throws(StoreError) -> StoreError? {
    try connection.script("SAVEPOINT batch")
    do throws(StoreError) {
      for change in batch.changes { try apply(change, at: position, connection) }
      if let journal = batch.journal { try append(journal, connection) }
      try connection.script("RELEASE SAVEPOINT batch")
      return nil
    } catch {
      guard case .conflict = error else { throw error }
      try connection.script("ROLLBACK TO SAVEPOINT batch; RELEASE SAVEPOINT batch")
      return error
    }
  }

  /// Has those who share the database hear of what is written, once it is.
  func notify(_ connection: LockedConnection) throws(StoreError) {
    if dialect == .sqlite { return }
    _ = try connection.run("SELECT pg_notify('gatehouse', '')", [])
  }

  private func apply(
    _ change: RecordChange, at position: Int, _ connection: LockedConnection
  ) throws(StoreError) {
    let key = [SQLValue.text(change.kind), .text(change.id)]
    let found = try connection.run(
      "SELECT revision FROM records WHERE kind = $1 AND id = $2", key)
    let revision = found.first?.first?.integer
    let isAsExpected =
      switch change.expectation {
      case .anything: true
      case .absent: revision == nil
      case .present: revision != nil
      case .revision(let expected): revision == expected
      }
    guard isAsExpected else { throw .conflict(kind: change.kind, id: change.id) }
    if case .keep = change.action { return }
    var keepsIndexes = false
    if case .put(_, nil, _) = change.action { keepsIndexes = true }
    if revision != nil, !keepsIndexes {
      _ = try connection.run("DELETE FROM record_index WHERE kind = $1 AND id = $2", key)
    }
    switch change.action {
    case .keep: break
    case .remove:
      if revision == nil { return }
      _ = try connection.run("DELETE FROM records WHERE kind = $1 AND id = $2", key)
      try noteRemoval(key, at: position, connection)
    case .put(let body, let indexes, let expires):
      _ = try connection.run(
        "INSERT INTO records (kind, id, revision, position, expires, body) "
          + "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, id) DO UPDATE SET "
          + "revision = excluded.revision, position = excluded.position, "
          + "expires = excluded.expires, body = excluded.body",
        key + [
          .integer((revision ?? 0) + 1), .integer(position), SQLValue(expires), .bytes(body),
        ])
      for index in indexes ?? [] { try enter(index, change, connection) }
      if revision == nil {
        _ = try connection.run("DELETE FROM removals WHERE kind = $1 AND id = $2", key)
      }
    }
  }

  func noteRemoval(
    _ key: [SQLValue], at position: Int, _ connection: LockedConnection
  ) throws(StoreError) {
    _ = try connection.run(
      "INSERT INTO removals (kind, id, position) VALUES ($1, $2, $3) "
        + "ON CONFLICT (kind, id) DO UPDATE SET position = excluded.position",
      key + [.integer(position)])
  }

  private func enter(
    _ index: IndexValue, _ change: RecordChange, _ connection: LockedConnection
  ) throws(StoreError) {
    if index.isUnique {
      let others = try connection.run(
        "SELECT id FROM record_index WHERE kind = $1 AND name = $2 AND value = $3 AND id <> $4",
        [.text(change.kind), .text(index.name), .text(index.value), .text(change.id)])
      guard others.isEmpty else { throw .conflict(kind: change.kind, id: change.id) }
    }
    _ = try connection.run(
      "INSERT INTO record_index (kind, name, value, id) VALUES ($1, $2, $3, $4) "
        + "ON CONFLICT DO NOTHING",
      [.text(change.kind), .text(index.name), .text(index.value), .text(change.id)])
  }

  private func append(
    _ journal: JournalMaker, _ connection: LockedConnection
  ) throws(StoreError) {
    guard let entry = journal(try SQLRecordStore.last(connection)) else {
      throw .damaged("the entry of the journal cannot be made")
    }
    _ = try connection.run(
      "INSERT INTO journal (sequence, body, hash, seal) VALUES ($1, $2, $3, $4)",
      [.integer(entry.sequence), .bytes(entry.body), .bytes(entry.hash), .bytes(entry.seal)])
  }

  func consume(_ kind: String, _ id: String, now: Int) throws(StoreError) -> StoredRecord? {
    let found = try transact { connection throws(StoreError) in
      let position = try advance(connection)
      let key = [SQLValue.text(kind), .text(id)]
      let rows = try connection.run(
        "DELETE FROM records WHERE kind = $1 AND id = $2 RETURNING \(SQLRecordStore.columns)", key)
      guard let record = try SQLRecordStore.records(rows).first else { return nil as StoredRecord? }
      _ = try connection.run("DELETE FROM record_index WHERE kind = $1 AND id = $2", key)
      try noteRemoval(key, at: position, connection)
      try notify(connection)
      return record
    }
    wrote()
    guard let found, found.expires.map({ $0 > now }) ?? true else { return nil }
    return found
  }

  func reseal(_ record: StoredRecord, body: [UInt8]) throws(StoreError) {
    try transact { connection throws(StoreError) in
      let position = try advance(connection)
      _ = try connection.run(
        "UPDATE records SET body = $1, position = $2 "
          + "WHERE kind = $3 AND id = $4 AND position = $5",
        [
          .bytes(body), .integer(position), .text(record.kind), .text(record.id),
          .integer(record.position),
        ])
    }
  }

  func removeExpired(now: Int, limit: Int) throws(StoreError) -> Int {
    let keys = try use { connection throws(StoreError) in
      try connection.run(
        "SELECT kind, id FROM records WHERE expires IS NOT NULL AND expires <= $1 LIMIT $2",
        [.integer(now), .integer(limit)])
    }
    guard !keys.isEmpty else { return 0 }
    try transact { connection throws(StoreError) in
      let position = try advance(connection)
      for key in keys {
        let gone = try connection.run(
          "DELETE FROM records WHERE kind = $1 AND id = $2 AND expires <= $3 RETURNING id",
          key + [.integer(now)])
        if gone.isEmpty { continue }
        _ = try connection.run("DELETE FROM record_index WHERE kind = $1 AND id = $2", key)
        try noteRemoval(key, at: position, connection)
      }
      try notify(connection)
    }
    wrote()
    return keys.count
  }

  // MARK: Changes

  func position() throws(StoreError) -> Int {
    try use { connection throws(StoreError) in
      try connection.run("SELECT position FROM positions WHERE name = 'last'", [])
        .first?.first?.integer ?? 0
    }
  }

  func changes(
    after position: Int, limit: Int, withIndexes: Bool
  ) throws(StoreError) -> StoreChanges {
    try use { connection throws(StoreError) in
      // One moment for all that is read: what is written meanwhile comes the next time.
      try connection.script(dialect == .sqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ")
      do throws(StoreError) {
        var changes = try SQLRecordStore.changes(after: position, limit: limit, connection)
        if withIndexes {
          changes.indexes = try SQLRecordStore.indexes(
            after: position, upTo: changes.position, connection)
        }
        try connection.script("COMMIT")
        return changes
      } catch {
        try? connection.script("ROLLBACK")
        throw error
      }
    }
  }

  private static func changes(
    after position: Int, limit: Int, _ connection: LockedConnection
  ) throws(StoreError) -> StoreChanges {
    var positions: [String: Int] = [:]
    for row in try connection.run("SELECT name, position FROM positions", []) {
      if let name = row[0].text, let number = row[1].integer { positions[name] = number }
    }
    var changes = StoreChanges(position: positions["last"] ?? 0)
    changes.isIncomplete = position > 0 && position < positions["removals"] ?? 0
    let rows = try connection.run(
      "SELECT \(columns) FROM records WHERE position > $1 ORDER BY position LIMIT $2",
      [.integer(position), .integer(limit)])
    changes.records = try records(rows)
    if rows.count == limit, let last = changes.records.last {
      // The last position may go on behind the limit: all of it comes at once.
      let more = try connection.run(
        "SELECT \(columns) FROM records WHERE position = $1", [.integer(last.position)])
      changes.records.removeAll { $0.position == last.position }
      changes.records += try records(more)
      changes.position = last.position
      changes.hasMore = true
    }
    let removed = try connection.run(
      "SELECT kind, id, position FROM removals WHERE position > $1 AND position <= $2 "
        + "ORDER BY position", [.integer(position), .integer(changes.position)])
    changes.removed = removed.compactMap { row in
      guard let kind = row[0].text, let id = row[1].text, let at = row[2].integer else {
        return nil
      }
      return (kind, id, at)
    }
    return changes
  }

  private static func indexes(
    after position: Int, upTo last: Int, _ connection: LockedConnection
  ) throws(StoreError) -> [(kind: String, id: String, index: IndexValue)] {
    try connection.run(
      "SELECT i.kind, i.id, i.name, i.value FROM records r "
        + "JOIN record_index i ON i.kind = r.kind AND i.id = r.id "
        + "WHERE r.position > $1 AND r.position <= $2", [.integer(position), .integer(last)]
    ).compactMap { row in
      guard let kind = row[0].text, let id = row[1].text, let name = row[2].text,
        let value = row[3].text
      else { return nil }
      return (kind, id, IndexValue(name, value))
    }
  }

  // MARK: The journal

  private static func entry(_ row: [SQLValue]) throws(StoreError) -> JournalEntry {
    guard row.count == 4, let sequence = row[0].integer, let body = row[1].bytes,
      let hash = row[2].bytes, let seal = row[3].bytes
    else { throw .damaged("an entry of the journal has columns of other types") }
    return JournalEntry(sequence: sequence, body: body, hash: hash, seal: seal)
  }

  private static func last(
    _ connection: LockedConnection
  ) throws(StoreError) -> JournalEntry? {
    let rows = try connection.run(
      "SELECT sequence, body, hash, seal FROM journal ORDER BY sequence DESC LIMIT 1", [])
    guard let row = rows.first else { return nil }
    return try entry(row)
  }

  func lastJournalEntry() throws(StoreError) -> JournalEntry? {
    try use { connection throws(StoreError) in try SQLRecordStore.last(connection) }
  }

  func journal(after sequence: Int, limit: Int) throws(StoreError) -> [JournalEntry] {
    try use { connection throws(StoreError) in
      var entries: [JournalEntry] = []
      let rows = try connection.run(
        "SELECT sequence, body, hash, seal FROM journal WHERE sequence > $1 "
          + "ORDER BY sequence LIMIT $2", [.integer(sequence), .integer(limit)])
      for row in rows { entries.append(try SQLRecordStore.entry(row)) }
      return entries
    }
  }

  // MARK: Keys

  func keys() throws(StoreError) -> [WrappedKey] {
    try use { connection throws(StoreError) in
      try connection.run(
        "SELECT purpose, version, master, wrapped FROM data_keys ORDER BY purpose, version", []
      ).compactMap { row in
        guard let purpose = row[0].text, let version = row[1].integer, let master = row[2].text,
          let wrapped = row[3].bytes
        else { return nil }
        return WrappedKey(purpose: purpose, version: version, master: master, wrapped: wrapped)
      }
    }
  }

  func add(_ keys: [WrappedKey]) throws(StoreError) {
    try write(keys, onConflict: "DO NOTHING")
  }

  func replace(_ keys: [WrappedKey]) throws(StoreError) {
    try write(
      keys, onConflict: "DO UPDATE SET master = excluded.master, wrapped = excluded.wrapped")
  }

  private func write(_ keys: [WrappedKey], onConflict: String) throws(StoreError) {
    try transact { connection throws(StoreError) in
      for key in keys {
        _ = try connection.run(
          "INSERT INTO data_keys (purpose, version, master, wrapped) VALUES ($1, $2, $3, $4) "
            + "ON CONFLICT (purpose, version) \(onConflict)",
          [.text(key.purpose), .integer(key.version), .text(key.master), .bytes(key.wrapped)])
      }
    }
  }

  func removeKey(purpose: String, version: Int) throws(StoreError) {
    try transact { connection throws(StoreError) in
      _ = try connection.run(
        "DELETE FROM data_keys WHERE purpose = $1 AND version = $2",
        [.text(purpose), .integer(version)])
    }
  }

  // MARK: The schema

  func schemaVersion() throws(StoreError) -> Int {
    try use { connection throws(StoreError) in
      try connection.script(StoreSchema.versionTable(dialect))
      return try SQLRecordStore.version(connection)
    }
  }

  private static func version(_ connection: LockedConnection) throws(StoreError) -> Int {
    try connection.run("SELECT version FROM schema_version", []).first?.first?.integer ?? 0
  }

  func migrate(to version: Int) throws(StoreError) {
    precondition((0...StoreSchema.current).contains(version), "a version that there is")
    try transact { connection throws(StoreError) in
      if dialect == .postgres {
        // Two gateways that start at once take one step each after the other.
        _ = try connection.run("SELECT pg_advisory_xact_lock(4716230)", [])
      }
      try connection.script(StoreSchema.versionTable(dialect))
      let now = try SQLRecordStore.version(connection)
      guard now <= StoreSchema.current else {
        throw .unusable(
          "the store has version \(now) of the tables, and this program knows "
            + "\(StoreSchema.current): it was used by a newer one")
      }
      let up = StoreSchema.steps.filter { $0.version > now && $0.version <= version }
      for step in up { try connection.script(step.forward(dialect)) }
      let down = StoreSchema.steps.filter { $0.version <= now && $0.version > version }
      for step in down.reversed() { try connection.script(step.back(dialect)) }
      try connection.script(
        "DELETE FROM schema_version; INSERT INTO schema_version VALUES (\(version));")
    }
  }
}
