import Runtime

/// The store that several gateways share: a database of PostgreSQL.
public enum PostgresStore {
  /// How long nothing is heard before the store is asked all the same, in milliseconds.
  private static let silenceMilliseconds: Int32 = 1000
  /// How long a lost database is left alone before it is tried again, in milliseconds.
  private static let retryMilliseconds: Int32 = 1000

  /// Opens the store at a `postgres://` URL and brings its tables up to date.
  public static func open(url: String) throws(StoreError) -> any RecordStore {
    let store = openAsItIs(url: url)
    try store.migrate(to: StoreSchema.current)
    return store
  }

  /// The store without a look at it: nothing is asked of the database yet.
  public static func openAsItIs(url: String) -> any RecordStore {
    SQLRecordStore(
      "PostgreSQL", dialect: .postgres,
      open: { () throws(StoreError) in try PostgresConnection(url: url) },
      watch: { notify in
        try? Thread.start(named: "store-changes") { PostgresStore.watch(url, notify) }
      })
  }

  /// Tells of each write, by anybody; after a loss of the connection, tells once it is back, since
  /// something may have been missed.
  private static func watch(_ url: String, _ notify: @Sendable () -> Void) {
    guard let pause = try? Mailbox<Bool>() else { return }
    while true {
      if let connection = try? PostgresConnection(url: url),
        (try? connection.script("LISTEN gatehouse")) != nil
      {
        notify()
        while connection.awaitNotification(milliseconds: silenceMilliseconds) { notify() }
      }
      // Nobody ever posts: it is the time alone that is waited for.
      pause.wait(milliseconds: retryMilliseconds)
    }
  }
}
