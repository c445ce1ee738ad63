/// A connection to a database that speaks SQL; used by one thread at a time.
///
/// Parameters are written `$1`, `$2` and so on, in the order of their first use, which both
/// databases understand.
protocol SQLConnection: AnyObject {
  /// Runs one statement and returns all its rows.
  func run(_ statement: String, _ values: [SQLValue]) throws(StoreError) -> [[SQLValue]]
  /// Runs statements without parameters, of which nothing is expected.
  func script(_ statements: String) throws(StoreError)
  /// Whether it can still be used.
  var isUsable: Bool { get }
  func close()
}
