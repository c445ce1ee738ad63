/// The tables, and the steps between their versions; each step can be taken back.
enum StoreSchema {
  struct Step: Sendable {
    let version: Int
    let forward: @Sendable (SQLDialect) -> String
    let back: @Sendable (SQLDialect) -> String
  }

  /// The version that this program works with.
  static let current = 3

  static let steps = [
    Step(
      version: 1, forward: { first($0) },
      back: { _ in
        """
        DROP TABLE record_index; DROP TABLE records; DROP TABLE removals; DROP TABLE data_keys;
        DROP TABLE journal; DROP TABLE positions;
        """
      }),
    // Expired records are looked for in the order in which they expire.
    Step(
      version: 2,
      forward: { _ in
        "CREATE INDEX records_expires ON records (expires) WHERE expires IS NOT NULL;"
      },
      back: { _ in "DROP INDEX records_expires;" }),
    // What consumers have used: numbers that several gateways add to.
    Step(
      version: 3,
      forward: { dialect in
        """
        CREATE TABLE usage_counts (
          name \(dialect.bytes) NOT NULL PRIMARY KEY, total \(dialect.integer) NOT NULL,
          ends \(dialect.integer) NOT NULL, position \(dialect.integer) NOT NULL);
        CREATE INDEX usage_position ON usage_counts (position);
        CREATE INDEX usage_ends ON usage_counts (ends);
        INSERT INTO positions VALUES ('usage', 0);
        """
      },
      back: { _ in "DROP TABLE usage_counts; DELETE FROM positions WHERE name = 'usage';" }),
  ]

  /// The table that tells the version; it is there in every version.
  static func versionTable(_ dialect: SQLDialect) -> String {
    """
    CREATE TABLE IF NOT EXISTS schema_version (version \(dialect.integer) NOT NULL);
    """
  }

  private static func first(_ dialect: SQLDialect) -> String {
    let (number, text, bytes) = (dialect.integer, dialect.text, dialect.bytes)
    return """
      CREATE TABLE positions (
        name \(text) NOT NULL PRIMARY KEY, position \(number) NOT NULL)\(dialect.table);
      INSERT INTO positions VALUES ('last', 0), ('removals', 0);
      CREATE TABLE records (
        kind \(text) NOT NULL, id \(text) NOT NULL, revision \(number) NOT NULL,
        position \(number) NOT NULL, expires \(number), body \(bytes) NOT NULL,
        PRIMARY KEY (kind, id))\(dialect.table);
      CREATE INDEX records_position ON records (position);
      CREATE TABLE record_index (
        kind \(text) NOT NULL, name \(text) NOT NULL, value \(text) NOT NULL,
        id \(text) NOT NULL, PRIMARY KEY (kind, name, value, id))\(dialect.table);
      CREATE INDEX record_index_id ON record_index (kind, id);
      CREATE TABLE removals (
        kind \(text) NOT NULL, id \(text) NOT NULL, position \(number) NOT NULL,
        PRIMARY KEY (kind, id))\(dialect.table);
      CREATE INDEX removals_position ON removals (position);
      CREATE TABLE data_keys (
        purpose \(text) NOT NULL, version \(number) NOT NULL, master \(text) NOT NULL,
        wrapped \(bytes) NOT NULL, PRIMARY KEY (purpose, version))\(dialect.table);
      CREATE TABLE journal (
        sequence \(number) NOT NULL PRIMARY KEY, body \(bytes) NOT NULL,
        hash \(bytes) NOT NULL, seal \(bytes) NOT NULL);
      """
  }
}
