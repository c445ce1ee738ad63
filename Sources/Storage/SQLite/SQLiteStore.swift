import Runtime

/// The embedded store: one file of SQLite.
public enum SQLiteStore {
  /// Opens the store in the file at `path`, which only its owner may read, and brings its tables up
  /// to date.
  public static func open(path: String) throws(StoreError) -> any CopyStore {
    let store = try openAsItIs(path: path)
    try store.migrate(to: StoreSchema.current)
    return store
  }

  /// Opens the store without looking at the version of its tables.
  public static func openAsItIs(path: String) throws(StoreError) -> any CopyStore {
    // SQLite gives its other files the permissions of the first.
    if !SystemFile.isThere(path) {
      do throws(FileError) {
        try SystemFile.write([], to: path, permissions: 0o600)
      } catch {
        if error != .exists { throw .unusable("the store \(path) \(error)") }
      }
    }
    if let bits = SystemFile.permissions(path), bits & 0o077 != 0 {
      throw .unusable("the store \(path) is open to other users of this machine: chmod 600 it")
    }
    let store = SQLRecordStore("SQLite \(path)", dialect: .sqlite) { () throws(StoreError) in
      try SQLiteConnection(path: path)
    }
    _ = try store.schemaVersion()
    return store
  }
}
