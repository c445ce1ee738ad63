extension SQLRecordStore: UsageStore {
  func add(_ rows: [UsageRow]) throws(StoreError) -> [UsageRow] {
    if rows.isEmpty { return [] }
    return try transact { connection throws(StoreError) in
      // The row of the position is locked from here to the end: positions become visible in order.
      let position = try connection.run(
        "UPDATE positions SET position = position + 1 WHERE name = 'usage' RETURNING position", []
      ).first?.first?.integer
      guard let position else { throw .damaged("the position of the usage is missing") }
      var totals: [UsageRow] = []
      for row in rows {
        let total = try connection.run(
          "INSERT INTO usage_counts (name, total, ends, position) VALUES ($1, $2, $3, $4) "
            + "ON CONFLICT (name) DO UPDATE SET total = usage_counts.total + excluded.total, "
            + "position = excluded.position RETURNING total",
          [.bytes(row.name), .integer(row.count), .integer(row.ends), .integer(position)]
        ).first?.first?.integer
        guard let total else { throw .damaged("a count of usage is no number") }
        totals.append(UsageRow(name: row.name, count: total, ends: row.ends))
      }
      return totals
    }
  }

  func usage(
    after position: Int, limit: Int
  ) throws(StoreError) -> (rows: [UsageRow], position: Int) {
    try use { connection throws(StoreError) in
      let found = try connection.run(
        "SELECT name, total, ends, position FROM usage_counts WHERE position > $1 "
          + "ORDER BY position LIMIT $2", [.integer(position), .integer(limit)])
      var rows: [UsageRow] = []
      var last = position
      for row in found {
        guard row.count == 4, let name = row[0].bytes, let total = row[1].integer,
          let ends = row[2].integer, let at = row[3].integer
        else { throw .damaged("a count of usage has columns of other types") }
        rows.append(UsageRow(name: name, count: total, ends: ends))
        last = at
      }
      // The last position may go on behind the limit: it is told once more.
      return (rows, found.count == limit ? max(position, last - 1) : last)
    }
  }

  func removeUsage(endedBefore now: Int, limit: Int) throws(StoreError) {
    try transact { connection throws(StoreError) in
      _ = try connection.run(
        "DELETE FROM usage_counts WHERE name IN "
          + "(SELECT name FROM usage_counts WHERE ends <= $1 LIMIT $2)",
        [.integer(now), .integer(limit)])
    }
  }
}
