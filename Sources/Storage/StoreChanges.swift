/// What has changed behind a position, oldest first.
public struct StoreChanges: Sendable {
  /// Records as they are now.
  public var records: [StoredRecord] = []
  /// Records that are gone.
  public var removed: [(kind: String, id: String, position: Int)] = []
  /// What these records are found by, if it was asked for.
  public var indexes: [(kind: String, id: String, index: IndexValue)] = []
  /// The position up to which this tells all.
  public var position: Int
  /// Whether there is more to ask for.
  public var hasMore = false
  /// Whether removals before this position are no longer known: all has to be read anew.
  public var isIncomplete = false
}
