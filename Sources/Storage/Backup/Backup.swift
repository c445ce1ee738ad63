import Crypto
public import Formats

/// Copies a store into one sealed file, and back into an empty store.
///
/// Records are copied as they are, sealed; the data keys go with them in clear, within the seal of
/// the file, so that a store with another master key can take them over.
public struct Backup {
  /// Records, or entries of the journal, in one chunk.
  private static let batch = 500

  /// What a backup held.
  public struct Summary: Hashable, Sendable {
    /// Records, and entries of the journal.
    public var records: Int
    public var entries: Int

    /// So many of both.
    public init(records: Int = 0, entries: Int = 0) {
      self.records = records
      self.entries = entries
    }
  }

  private let vault: Vault

  /// Backups of this store.
  public init(of vault: Vault) { self.vault = vault }

  // MARK: Making one

  /// Writes the store, piece by piece, through `write`.
  public func make(
    sealedBy opener: BackupFile.Opener, _ write: ([UInt8]) throws -> Void
  ) throws -> Summary {
    let (key, head) = try BackupFile.makeKey(opener)
    try write(head)
    var number = 0
    var summary = Summary()
    func put(_ value: JSONValue, isLast: Bool = false) throws {
      try write(try BackupFile.seal(value, number: number, isLast: isLast, key: key))
      number += 1
    }
    try put(["keys": .array(vault.exportedKeys().map(Backup.value))])
    var position = 0
    var records = Set<String>()
    while true {
      // What changes meanwhile comes once more, behind what was there before.
      let changes = try vault.store.changes(
        after: position, limit: Backup.batch, withIndexes: true)
      try put(Backup.value(changes))
      for record in changes.records { records.insert("\(record.kind) \(record.id)") }
      for gone in changes.removed { records.remove("\(gone.kind) \(gone.id)") }
      position = changes.position
      if !changes.hasMore { break }
    }
    summary.records = records.count
    while true {
      let entries = try vault.store.journal(after: summary.entries, limit: Backup.batch)
      if entries.isEmpty { break }
      try put(["journal": .array(entries.map(Backup.value))])
      summary.entries = entries[entries.count - 1].sequence
    }
    try put(["entries": .integer(summary.entries)], isLast: true)
    return summary
  }

  // MARK: Reading one

  /// Goes through a backup: every chunk is there and as it was written.
  public static func verify(
    _ bytes: [UInt8], openedBy opener: BackupFile.Opener,
    _ take: (JSONValue) throws -> Void = { _ in }
  ) throws -> Summary {
    let (key, start) = try BackupFile.openKey(bytes, opener)
    var (at, number) = (start, 0)
    var summary = Summary()
    var records = Set<String>()
    while true {
      let chunk = try BackupFile.open(bytes, at: at, number: number, key: key)
      (at, number) = (chunk.next, number + 1)
      for record in chunk.value["records"]?.elements ?? [] {
        records.insert("\(record["kind"]?.string ?? "") \(record["id"]?.string ?? "")")
      }
      for gone in chunk.value["removed"]?.elements ?? [] {
        records.remove("\(gone["kind"]?.string ?? "") \(gone["id"]?.string ?? "")")
      }
      summary.entries += chunk.value["journal"]?.elements.count ?? 0
      try take(chunk.value)
      if chunk.isLast {
        guard at == bytes.count else {
          throw StoreError.damaged("the backup goes on behind its end")
        }
        guard chunk.value["entries"]?.integer == summary.entries else {
          throw StoreError.damaged("the backup lacks entries of the journal")
        }
        break
      }
    }
    summary.records = records.count
    return summary
  }

  /// Puts a backup into this store, which must be empty, and checks what came of it.
  public func restore(
    _ bytes: [UInt8], openedBy opener: BackupFile.Opener
  ) throws -> Summary {
    guard let store = vault.store as? any CopyStore else {
      throw StoreError.unusable("this store takes no backup")
    }
    guard try store.changes(after: 0, limit: 1).records.isEmpty,
      try store.lastJournalEntry() == nil
    else { throw StoreError.unusable("the store is not empty: a backup goes into a new one") }
    // All of it is looked at before anything is written.
    let expected = try Backup.verify(bytes, openedBy: opener)
    _ = try Backup.verify(bytes, openedBy: opener) { chunk in
      if let keys = chunk["keys"] { try vault.takeOver(keys.elements.map(Backup.key)) }
      if chunk["records"] != nil {
        try store.copy(Backup.changes(chunk), keys: nil)
      }
      if let journal = chunk["journal"] {
        try store.copy(journal: journal.elements.map(Backup.entry))
      }
    }
    var found = 0
    var position = 0
    while true {
      let changes = try store.changes(after: position, limit: Backup.batch)
      for record in changes.records { _ = try vault.opened(record) }
      found += changes.records.count
      position = changes.position
      if !changes.hasMore { break }
    }
    guard found == expected.records else {
      throw StoreError.damaged("\(expected.records) records were restored, and \(found) are there")
    }
    if let fault = try vault.journalFault() { throw StoreError.damaged(fault) }
    return expected
  }

  // MARK: Forms

  private static func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes.span)) }

  private static func bytes(_ value: JSONValue?) throws -> [UInt8] {
    guard let text = value?.string, let bytes = Base64.decode(text.utf8.span) else {
      throw StoreError.damaged("the backup has something else where bytes should be")
    }
    return bytes
  }

  private static func value(_ key: (purpose: String, version: Int, key: SymmetricKey)) -> JSONValue
  {
    let bytes = key.key.withBytes { span in span.indices.map { span[$0] } }
    return [
      "purpose": .string(key.purpose), "version": .integer(key.version), "key": text(bytes),
    ]
  }

  private static func key(
    _ value: JSONValue
  ) throws -> (purpose: String, version: Int, key: SymmetricKey) {
    guard let purpose = value["purpose"]?.string, let version = value["version"]?.integer else {
      throw StoreError.damaged("a key of the backup has no purpose")
    }
    return (purpose, version, SymmetricKey(try bytes(value["key"])))
  }

  private static func value(_ changes: StoreChanges) -> JSONValue {
    [
      "records": .array(
        changes.records.map { record in
          [
            "kind": .string(record.kind), "id": .string(record.id),
            "revision": .integer(record.revision),
            "expires": record.expires.map { .integer($0) } ?? .null, "body": text(record.body),
          ]
        }),
      "removed": .array(
        changes.removed.map { ["kind": .string($0.kind), "id": .string($0.id)] }),
      "indexes": .array(
        changes.indexes.map { kind, id, index in
          [
            "kind": .string(kind), "id": .string(id), "name": .string(index.name),
            "value": .string(index.value),
          ]
        }),
      "position": .integer(changes.position),
    ]
  }

  private static func changes(_ chunk: JSONValue) throws -> StoreChanges {
    var changes = StoreChanges(position: chunk["position"]?.integer ?? 0)
    for value in chunk["records"]?.elements ?? [] {
      changes.records.append(
        StoredRecord(
          kind: value["kind"]?.string ?? "", id: value["id"]?.string ?? "",
          revision: value["revision"]?.integer ?? 1, position: 0,
          expires: value["expires"]?.integer, body: try bytes(value["body"])))
    }
    changes.removed = (chunk["removed"]?.elements ?? []).map {
      (kind: $0["kind"]?.string ?? "", id: $0["id"]?.string ?? "", position: 0)
    }
    changes.indexes = (chunk["indexes"]?.elements ?? []).map {
      (
        kind: $0["kind"]?.string ?? "", id: $0["id"]?.string ?? "",
        index: IndexValue($0["name"]?.string ?? "", $0["value"]?.string ?? "")
      )
    }
    return changes
  }

  private static func value(_ entry: JournalEntry) -> JSONValue {
    [
      "sequence": .integer(entry.sequence), "body": text(entry.body), "hash": text(entry.hash),
      "seal": text(entry.seal),
    ]
  }

  private static func entry(_ value: JSONValue) throws -> JournalEntry {
    JournalEntry(
      sequence: value["sequence"]?.integer ?? 0, body: try bytes(value["body"]),
      hash: try bytes(value["hash"]), seal: try bytes(value["seal"]))
  }
}
