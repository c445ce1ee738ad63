/// Where the two databases differ.
enum SQLDialect: Sendable {
  case sqlite, postgres

  /// How a transaction begins that is going to write.
  var begin: String { self == .sqlite ? "BEGIN IMMEDIATE" : "BEGIN" }
  /// The type of bytes.
  var bytes: String { self == .sqlite ? "BLOB" : "BYTEA" }
  /// The type of whole numbers.
  var integer: String { self == .sqlite ? "INTEGER" : "BIGINT" }
  /// Text that is compared byte by byte, whatever the language of the database.
  var text: String { self == .sqlite ? "TEXT" : "TEXT COLLATE \"C\"" }
  /// What stands behind the table of records: in SQLite, rows in the order of their key.
  var table: String { self == .sqlite ? " WITHOUT ROWID" : "" }
}
