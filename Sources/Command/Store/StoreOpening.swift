import Blueprint
import Crypto
import Formats
import Runtime
import Storage

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
