/// Forgetting what has been removed long ago.
extension SQLRecordStore {
  func pruneRemovals(keeping count: Int) throws(StoreError) -> Int {
    let known = try use { connection throws(StoreError) in
      try connection.run("SELECT count(*) FROM removals", []).first?.first?.integer ?? 0
    }
    guard known > count else { return 0 }
    return try transact { connection throws(StoreError) in
      // Writers wait for this row, so that no removal of before the limit comes in behind it.
      _ = try advance(connection)
      let last = try connection.run(
        "SELECT position FROM removals ORDER BY position DESC LIMIT 1 OFFSET $1",
        [.integer(count)])
      // All of one position go together: a transaction is known whole, or not at all.
      guard let position = last.first?.first?.integer else { return 0 }
      let gone = try connection.run(
        "DELETE FROM removals WHERE position <= $1 RETURNING position", [.integer(position)])
      _ = try connection.run(
        "UPDATE positions SET position = $1 WHERE name = 'removals' AND position < $1",
        [.integer(position)])
      return gone.count
    }
  }
}
