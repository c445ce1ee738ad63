import Blueprint
import Crypto
import Formats
import Runtime
import Storage
import Telemetry

/// Opens the store that a configuration names, with its master keys.
struct StoreOpening {
  let blueprint: StoreBlueprint
  let folder: Folder

  /// Longest file of a master key, in bytes.
  private static let keyBytesMax = 4096

  /// The store with its keys.
  func vault() throws -> Vault {
    // The keys come first: whether one is to be made hangs on whether there is a database.
    let masters = try masters()
    return try Vault(database(), masters: masters, clock: { Int(Clock.wallMilliseconds) })
  }

  /// The store as a running gateway has it: a shared database with the copy that it serves from, so
  /// that it starts and goes on without the database.
  func serving() throws -> (vault: Vault, copied: Vault?) {
    guard case .postgres(let url) = blueprint.database else { return (try vault(), nil) }
    let masters = try masters()
    let path = blueprint.snapshotPath?.string ?? StoreOpening.snapshotName
    let copy = try SQLiteStore.open(path: folder.path(path))
    let remote = PostgresStore.openAsItIs(url: url.string)
    let mirror = try StoreMirror(of: remote, in: copy) { failure in
      if let failure {
        ErrorLog.error("\(failure); the last good state goes on")
      } else {
        ErrorLog.notice("the store is there again")
      }
    }
    try mirror.start()
    let clock: @Sendable () -> Int = { Int(Clock.wallMilliseconds) }
    let vault = try Vault(remote, copy: copy, masters: masters, clock: clock)
    // The first key is made in the database, and copied from there.
    _ = try vault.pepperHasher()
    try mirror.copyKeys()
    return (vault, try Vault(copy, masters: masters, clock: clock))
  }

  /// The file of the copy, beside the configuration.
  private static let snapshotName = "gatehouse.snapshot.db"

  /// The database, its tables brought up to date.
  func database() throws(StoreError) -> any RecordStore {
    switch blueprint.database {
    case .sqlite(let path): try SQLiteStore.open(path: folder.path(path.string))
    case .postgres(let url): try PostgresStore.open(url: url.string)
    }
  }

  /// The master keys: the one that wraps first, then those of before.
  func masters() throws(StoreError) -> [any MasterKey] {
    var masters: [any MasterKey] = [try master()]
    for text in blueprint.previousMasterKeys {
      masters.append(try StoreOpening.key(text.string, "a previous master key"))
    }
    return masters
  }

  private func master() throws(StoreError) -> any MasterKey {
    switch blueprint.masterKey {
    case .text(let text): return try StoreOpening.key(text.string, "the master key")
    case .token(let module, let token, let key, let pin):
      return try PKCS11MasterKey(
        PKCS11MasterKey.Place(
          module: module.string, token: token.string, key: key.string, pin: pin.string))
    case .file(let path?): return try read(folder.path(path.string))
    case .file(nil):
      guard case .sqlite(let database) = blueprint.database else {
        throw .unusable("the store has no master key")
      }
      let path = folder.path(database.string) + ".key"
      if !SystemFile.isThere(path) { try make(path, database: folder.path(database.string)) }
      return try read(path)
    }
  }

  private static func key(_ text: String, _ what: String) throws(StoreError) -> any MasterKey {
    guard let key = LocalMasterKey(text: text) else {
      throw .unusable("\(what) is not 64 hexadecimal digits, nor base64 of 32 bytes")
    }
    return key
  }

  private func read(_ path: String) throws(StoreError) -> any MasterKey {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try SystemFile.read(path, bytesMax: StoreOpening.keyBytesMax)
    } catch {
      throw .unusable("the master key \(path) \(error)")
    }
    if let bits = SystemFile.permissions(path), bits & 0o077 != 0 {
      throw .unusable("the master key \(path) is open to other users of this machine: chmod 600 it")
    }
    return try StoreOpening.key(String(decoding: bytes, as: UTF8.self), "the master key \(path)")
  }

  /// Makes a key for a new database. For one that is there, the key was lost: a new one is no help.
  private func make(_ path: String, database: String) throws(StoreError) {
    guard !SystemFile.isThere(database) else {
      throw .unusable("the master key \(path) of the store does not exist")
    }
    do {
      try SystemFile.write(
        Array(try LocalMasterKey.makeText().utf8), to: path, permissions: 0o600)
    } catch {
      throw .unusable("the master key \(path) cannot be made: \(error)")
    }
  }
}
