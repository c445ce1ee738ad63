/// Changes that are made all or none, with the entry in the journal that goes with them.
public struct RecordBatch: Sendable {
  /// What is changed.
  public let changes: [RecordChange]
  /// Makes the entry; nil if there is none.
  public let journal: JournalMaker?

  public init(changes: [RecordChange], journal: JournalMaker?) {
    self.changes = changes
    self.journal = journal
  }
}
