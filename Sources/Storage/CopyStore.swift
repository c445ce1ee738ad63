/// A store that can take over what another one holds, as it is: sealed, with its revisions.
///
/// That is how the last good state of a shared database is kept beside a gateway, and how a backup
/// is restored.
public protocol CopyStore: RecordStore {
  /// The position of the other store up to which everything is here; 0 for none.
  func copiedPosition() throws(StoreError) -> Int
  /// Takes over changes of the other store, and its keys, all or nothing.
  func copy(_ changes: StoreChanges, keys: [WrappedKey]?) throws(StoreError)
  /// Puts all that the other store holds in the place of what was here, all or nothing: nobody sees
  /// a store that is half there. `next` gives it piece by piece, and nil at the end.
  func replace(
    keys: [WrappedKey], _ next: () throws(StoreError) -> StoreChanges?
  ) throws(StoreError)
  /// Takes over entries of the journal, which is empty or ends right before them.
  func copy(journal: [JournalEntry]) throws(StoreError)
}
