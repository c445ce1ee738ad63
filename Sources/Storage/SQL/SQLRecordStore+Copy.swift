extension SQLRecordStore: CopyStore {
  func copiedPosition() throws(StoreError) -> Int {
    try use { connection throws(StoreError) in
      try connection.run("SELECT position FROM positions WHERE name = 'copied'", [])
        .first?.first?.integer ?? 0
    }
  }

  func copy(_ changes: StoreChanges, keys: [WrappedKey]?) throws(StoreError) {
    try transact { connection throws(StoreError) in
      let position = try advance(connection)
      for key in keys ?? [] { try SQLRecordStore.copy(key, connection) }
      try take(changes, at: position, connection)
      try notify(connection)
    }
    wrote()
  }

  func replace(
    keys: [WrappedKey], _ next: () throws(StoreError) -> StoreChanges?
  ) throws(StoreError) {
    try transact { connection throws(StoreError) in
      let position = try advance(connection)
      // Whoever follows this store has to read it anew.
      try connection.script(
        "DELETE FROM records; DELETE FROM record_index; DELETE FROM removals; "
          + "DELETE FROM data_keys; "
          + "UPDATE positions SET position = \(position) WHERE name = 'removals';")
      for key in keys { try SQLRecordStore.copy(key, connection) }
      while let changes = try next() { try take(changes, at: position, connection) }
      try notify(connection)
    }
    wrote()
  }

  private func take(
    _ changes: StoreChanges, at position: Int, _ connection: LockedConnection
  ) throws(StoreError) {
    for removed in changes.removed {
      let key = [SQLValue.text(removed.kind), .text(removed.id)]
      _ = try connection.run("DELETE FROM record_index WHERE kind = $1 AND id = $2", key)
      _ = try connection.run("DELETE FROM records WHERE kind = $1 AND id = $2", key)
      try noteRemoval(key, at: position, connection)
    }
    for record in changes.records {
      try SQLRecordStore.copy(record, at: position, connection)
    }
    for (kind, id, index) in changes.indexes {
      _ = try connection.run(
        "INSERT INTO record_index (kind, name, value, id) VALUES ($1, $2, $3, $4) "
          + "ON CONFLICT DO NOTHING",
        [.text(kind), .text(index.name), .text(index.value), .text(id)])
    }
    _ = try connection.run(
      "INSERT INTO positions (name, position) VALUES ('copied', $1) "
        + "ON CONFLICT (name) DO UPDATE SET position = excluded.position",
      [.integer(changes.position)])
  }

  private static func copy(
    _ key: WrappedKey, _ connection: LockedConnection
  ) throws(StoreError) {
    _ = try connection.run(
      "INSERT INTO data_keys (purpose, version, master, wrapped) VALUES ($1, $2, $3, $4) "
        + "ON CONFLICT (purpose, version) DO UPDATE SET master = excluded.master, "
        + "wrapped = excluded.wrapped",
      [.text(key.purpose), .integer(key.version), .text(key.master), .bytes(key.wrapped)])
  }

  private static func copy(
    _ record: StoredRecord, at position: Int, _ connection: LockedConnection
  ) throws(StoreError) {
    let key = [SQLValue.text(record.kind), .text(record.id)]
    _ = try connection.run("DELETE FROM record_index WHERE kind = $1 AND id = $2", key)
    _ = try connection.run("DELETE FROM removals WHERE kind = $1 AND id = $2", key)
    _ = try connection.run(
      "INSERT INTO records (kind, id, revision, position, expires, body) "
        + "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, id) DO UPDATE SET "
        + "revision = excluded.revision, position = excluded.position, "
        + "expires = excluded.expires, body = excluded.body",
      key + [
        .integer(record.revision), .integer(position), SQLValue(record.expires),
        .bytes(record.body),
      ])
  }

  func copy(journal: [JournalEntry]) throws(StoreError) {
    try transact { connection throws(StoreError) in
      for entry in journal {
        _ = try connection.run(
          "INSERT INTO journal (sequence, body, hash, seal) VALUES ($1, $2, $3, $4)",
          [
            .integer(entry.sequence), .bytes(entry.body), .bytes(entry.hash), .bytes(entry.seal),
          ])
      }
    }
  }
}
