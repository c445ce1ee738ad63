import Base
public import Crypto
public import Formats

/// The store as the program sees it: records in clear, sealed on their way to the database.
///
/// Each kind has a data key of its own. What authenticates a body is its kind and identifier, so
/// that nothing sealed can be put in another's place. All calls wait; none may come from a loop.
public final class Vault: Sendable {
  /// The database below.
  public let store: any RecordStore
  private let keyring: Keyring
  private let clock: @Sendable () -> Int

  /// What identifiers and the contents of indexes are blinded with; it never changes.
  private static let pepper = "pepper"
  private static let journalPurpose = "journal"
  private static let sealPurpose = "journal-seal"
  private static let journalText = "gatehouse journal"
  private static let headBytes = 5
  /// The form of sealed bodies.
  private static let form: UInt8 = 1

  /// Opens `store` with its master keys: the first wraps, all unwrap. `clock` tells the time in
  /// milliseconds since 1970. While the store cannot be reached, the keys come from `copy`.
  public init(
    _ store: any RecordStore, copy: (any RecordStore)? = nil, masters: [any MasterKey],
    clock: @escaping @Sendable () -> Int
  ) throws(StoreError) {
    self.store = store
    self.clock = clock
    keyring = try Keyring(store, copy: copy, masters: masters)
  }

  /// Takes over other master keys, if they open everything.
  public func use(_ masters: [any MasterKey]) throws(StoreError) { try keyring.use(masters) }

  /// The time, in milliseconds since 1970.
  public var now: Int { clock() }

  /// The key that API keys are hashed with. It is the same for ever: what it hashed cannot be
  /// hashed anew.
  public func pepperHasher() throws(StoreError) -> KeyedHasher {
    KeyedHasher(key: try keyring.current(Vault.pepper).key)
  }

  /// A value that is secret or personal in a form that can be an index: the same for the same
  /// value, and nothing can be told from it.
  public func blinded(_ value: String) throws(StoreError) -> String {
    try pepperHasher().hash("index \(value)".utf8.span).hex
  }

  // MARK: Sealing

  private func seal(
    _ text: Span<UInt8>, purpose: String, identity: String
  ) throws(StoreError) -> [UInt8] {
    let (version, key) = try keyring.current(purpose)
    guard let sealed = try? SealedBytes.seal(text, key: key, associated: identity.utf8.span)
    else { throw .unusable("the cryptographic library cannot seal a record") }
    let number = UInt32(truncatingIfNeeded: version)
    let digits = (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
    return [Vault.form] + digits + sealed
  }

  private func open(
    _ sealed: [UInt8], purpose: String, identity: String
  ) throws(StoreError) -> [UInt8] {
    guard let version = Vault.version(of: sealed) else {
      throw .damaged("a sealed text of \(purpose) has no such form")
    }
    if keyring.key(purpose, version: version) == nil { try keyring.reload() }
    guard let key = keyring.key(purpose, version: version) else {
      throw .damaged("the data key \(version) for \(purpose) is missing")
    }
    let content = sealed.span.extracting(Vault.headBytes..<sealed.count)
    guard let text = SealedBytes.open(content, key: key, associated: identity.utf8.span) else {
      throw .damaged("what is stored as \(identity.debugDescription) was changed")
    }
    return text
  }

  private static func version(of sealed: [UInt8]) -> Int? {
    guard sealed.count >= headBytes, sealed[0] == form else { return nil }
    return sealed[1..<headBytes].reduce(0) { $0 << 8 | Int($1) }
  }

  /// What is authenticated beside a body. The length makes it unambiguous.
  private static func identity(_ kind: String, _ id: String) -> String {
    "record \(kind.utf8.count) \(kind) \(id)"
  }

  /// A record in clear.
  public func opened(_ record: StoredRecord) throws(StoreError) -> VaultRecord {
    let text = try open(
      record.body, purpose: record.kind, identity: Vault.identity(record.kind, record.id))
    guard let body = try? JSONValue(parsing: text) else {
      throw .damaged("the \(record.kind) '\(record.id)' is no JSON")
    }
    return VaultRecord(
      kind: record.kind, id: record.id, revision: record.revision, expires: record.expires,
      body: body)
  }

  private func opened(_ records: [StoredRecord]) throws(StoreError) -> [VaultRecord] {
    var result: [VaultRecord] = []
    result.reserveCapacity(records.count)
    for record in records { result.append(try opened(record)) }
    return result
  }

  // MARK: Records

  /// The record, or nil.
  public func record(_ kind: String, _ id: String) throws(StoreError) -> VaultRecord? {
    guard let found = try store.record(kind, id, now: now) else { return nil }
    return try opened(found)
  }

  /// Records of a kind by their identifiers, those behind `id`.
  public func records(
    _ kind: String, after id: String = "", limit: Int
  ) throws(StoreError) -> [VaultRecord] {
    try opened(store.records(kind, after: id, limit: limit, now: now))
  }

  /// Those of them with an index value.
  public func records(
    _ kind: String, index: String, value: String, after id: String = "", limit: Int
  ) throws(StoreError) -> [VaultRecord] {
    try opened(
      store.records(kind, index: index, value: value, after: id, limit: limit, now: now))
  }

  /// Removes a record and returns it: of all who ask, one gets it.
  public func consume(_ kind: String, _ id: String) throws(StoreError) -> VaultRecord? {
    guard let found = try store.consume(kind, id, now: now) else { return nil }
    return try opened(found)
  }

  /// Makes the changes, all or none, with an entry in the journal if one is given.
  @discardableResult
  public func commit(
    _ changes: [VaultChange], journal text: JSONValue? = nil
  ) throws(StoreError) -> Int {
    let batch = try batch(changes, journal: text)
    return try store.commit(batch.changes, journal: batch.journal)
  }

  /// Changes as they go to the database.
  func batch(_ changes: [VaultChange], journal text: JSONValue?) throws(StoreError) -> RecordBatch {
    var sealed: [RecordChange] = []
    for change in changes {
      var action: RecordChange.Action = change.isKept ? .keep : .remove
      if let body = change.body {
        action = .put(
          body: try seal(
            body.serialized.utf8.span, purpose: change.kind,
            identity: Vault.identity(change.kind, change.id)),
          indexes: change.indexes, expires: change.expires)
      }
      sealed.append(
        RecordChange(
          kind: change.kind, id: change.id, action: action, expectation: change.expectation))
    }
    return RecordBatch(changes: sealed, journal: try text.map(journalMaker))
  }

  // MARK: The journal

  /// The chain under the key that seals it.
  private func chain() throws(StoreError) -> JournalChain {
    JournalChain(key: try keyring.current(Vault.sealPurpose).key)
  }

  private func journalMaker(_ value: JSONValue) throws(StoreError) -> JournalMaker {
    let chain = try chain()
    // The keys are there before the transaction: within it, nothing else may ask the database.
    _ = try keyring.current(Vault.journalPurpose)
    return { [self] last in
      let line = chain.line(value, after: last?.sequence ?? 0, hash: last?.hash)
      let (hash, seal) = chain.link(line)
      let sequence = (last?.sequence ?? 0) + 1
      guard
        let body = try? self.seal(
          line.utf8.span, purpose: Vault.journalPurpose,
          identity: "\(Vault.journalText) \(sequence)")
      else { return nil }
      return JournalEntry(sequence: sequence, body: body, hash: hash, seal: seal)
    }
  }

  /// The lines of the journal behind `sequence`: JSON texts, as they are chained.
  public func journal(
    after sequence: Int, limit: Int
  ) throws(StoreError) -> [(sequence: Int, line: String, seal: String)] {
    var lines: [(sequence: Int, line: String, seal: String)] = []
    for entry in try store.journal(after: sequence, limit: limit) {
      let text = try open(
        entry.body, purpose: Vault.journalPurpose,
        identity: "\(Vault.journalText) \(entry.sequence)")
      lines.append(
        (
          sequence: entry.sequence, line: String(decoding: text, as: UTF8.self),
          seal: JournalChain.hex(entry.seal)
        ))
    }
    return lines
  }

  /// Checks lines of this store's journal, their seals among them.
  public func journalVerifier() throws(StoreError) -> JournalVerifier {
    JournalVerifier(chain: try chain())
  }

  /// Goes through the whole journal; nil if it is unbroken, else what is wrong.
  public func journalFault() throws(StoreError) -> String? {
    var verifier = try journalVerifier()
    while true {
      let lines = try journal(after: verifier.count, limit: 500)
      if lines.isEmpty { return nil }
      for line in lines {
        if let fault = verifier.take(line.line, seal: line.seal) { return fault }
      }
    }
  }

  // MARK: Rotation

  /// Wraps all data keys by the first master key and makes new ones, which seal from now on.
  public func rotateKeys() throws(StoreError) {
    try keyring.rotate(fixed: [Vault.pepper, Vault.sealPurpose, Vault.journalPurpose])
  }

  /// Whether every data key is wrapped by the first master key.
  public func isWrappedByFirstKey() throws(StoreError) -> Bool { try keyring.isWrappedByFirst() }

  /// What the master key that wraps new keys is called.
  public var masterID: String { keyring.master?.id ?? "" }

  /// Seals records of a kind with its newest key, those behind `id`; returns the last identifier,
  /// nil once there are no more.
  ///
  /// A record that was written meanwhile is left alone: it has the newest key already.
  public func reseal(
    _ kind: String, after id: String, limit: Int
  ) throws(StoreError) -> (last: String, count: Int)? {
    let records = try store.records(kind, after: id, limit: limit, now: 0)
    guard let last = records.last else { return nil }
    let newest = try keyring.current(kind).version
    for record in records where Vault.version(of: record.body) != newest {
      let identity = Vault.identity(kind, record.id)
      let text = try open(record.body, purpose: kind, identity: identity)
      let body = try seal(text.span, purpose: kind, identity: identity)
      try store.reseal(record, body: body)
    }
    return (last.id, records.count)
  }

  /// The kinds that have data keys.
  public var kinds: [String] {
    Set(keyring.all.map(\.purpose))
      .subtracting([Vault.pepper, Vault.sealPurpose, Vault.journalPurpose]).sorted()
  }

  /// Removes data keys of a kind that are older than the one before the newest: that one stays, for
  /// a gateway that has not heard of the newest yet.
  public func dropOldKeys(_ kind: String) throws(StoreError) {
    let newest = try keyring.current(kind).version
    for key in keyring.all where key.purpose == kind && key.version < newest - 1 {
      try store.removeKey(purpose: kind, version: key.version)
    }
    try keyring.reload()
  }

  // MARK: Backups

  /// All data keys in clear, for a backup that is itself sealed.
  func exportedKeys() -> [(purpose: String, version: Int, key: SymmetricKey)] { keyring.all }

  /// Takes over the data keys of a backup.
  func takeOver(
    _ keys: [(purpose: String, version: Int, key: SymmetricKey)]
  ) throws(StoreError) { try keyring.replace(keys) }
}
