/// Where records are kept. What is in them is sealed before it comes here.
///
/// All calls wait for the database, so none may come from an event loop. A batch is written whole
/// or not at all, is durable once `commit` returns, and is seen by whoever asks afterwards.
public protocol RecordStore: AnyObject, Sendable {
  /// A few words on what this is, without secrets.
  var summary: String { get }

  /// The record, unless it is not there or has ceased to be at `now`.
  func record(_ kind: String, _ id: String, now: Int) throws(StoreError) -> StoredRecord?
  /// Records of a kind in the order of their identifiers, those behind `id`, at most `limit`.
  func records(
    _ kind: String, after id: String, limit: Int, now: Int
  ) throws(StoreError) -> [StoredRecord]
  /// Those of them that have this index value.
  func records(
    _ kind: String, index: String, value: String, after id: String, limit: Int, now: Int
  ) throws(StoreError) -> [StoredRecord]
  /// How many there are of a kind.
  func count(_ kind: String) throws(StoreError) -> Int

  /// Makes the changes, all or none, and returns the position after them.
  ///
  /// The journal's entry is made by `journal` from the last one, within the same transaction.
  func commit(
    _ changes: [RecordChange], journal: JournalMaker?
  ) throws(StoreError) -> Int
  /// Makes several batches of changes durable at once, each of them all or none; what stands
  /// against a batch is told at its place, and does not concern the others.
  func commit(each batches: [RecordBatch]) throws(StoreError) -> [StoreError?]
  /// Removes a record and returns it: of all who ask, one gets it.
  func consume(_ kind: String, _ id: String, now: Int) throws(StoreError) -> StoredRecord?
  /// Puts a body that says the same in the place of a record's, unless it was written meanwhile.
  func reseal(_ record: StoredRecord, body: [UInt8]) throws(StoreError)
  /// Removes records that have ceased to be; returns how many.
  func removeExpired(now: Int, limit: Int) throws(StoreError) -> Int

  /// Forgets the oldest removals, so that about so many are still known; returns how many went.
  ///
  /// Who has not read so far has to read everything anew (`StoreChanges.isIncomplete`).
  func pruneRemovals(keeping count: Int) throws(StoreError) -> Int

  /// How often anything was written.
  func position() throws(StoreError) -> Int
  /// What changed behind a position.
  func changes(
    after position: Int, limit: Int, withIndexes: Bool
  ) throws(StoreError) -> StoreChanges

  /// Entries of the journal behind `sequence`.
  func journal(after sequence: Int, limit: Int) throws(StoreError) -> [JournalEntry]
  /// The last entry.
  func lastJournalEntry() throws(StoreError) -> JournalEntry?

  /// All data keys.
  func keys() throws(StoreError) -> [WrappedKey]
  /// Adds keys that are not there, and leaves those that are.
  func add(_ keys: [WrappedKey]) throws(StoreError)
  /// Puts keys in the place of those of the same purpose and version, and adds others.
  func replace(_ keys: [WrappedKey]) throws(StoreError)
  /// Removes a key that nothing is sealed with any more.
  func removeKey(purpose: String, version: Int) throws(StoreError)

  /// The version of the tables.
  func schemaVersion() throws(StoreError) -> Int
  /// Brings the tables to a version, forward or back.
  func migrate(to version: Int) throws(StoreError)

  /// Calls `notify` from some thread whenever something may have been written, by anybody.
  func observe(_ notify: @escaping @Sendable () -> Void)
  /// Lets go of the database.
  func close()
}

extension RecordStore {
  /// What changed behind a position, without the values that records are found by.
  public func changes(after position: Int, limit: Int) throws(StoreError) -> StoreChanges {
    try changes(after: position, limit: limit, withIndexes: false)
  }

  /// Brings the tables to the version that this program works with.
  public func migrateToCurrent() throws(StoreError) { try migrate(to: StoreSchema.current) }

  /// The versions of the tables that there are.
  public var schemaVersions: ClosedRange<Int> { 0...StoreSchema.current }
}
