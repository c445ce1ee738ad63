/// Counts that several gateways add to: how much consumers have used in a period.
///
/// A count is no secret, and its name is a keyed hash; so it is not sealed, and the database adds.
/// All calls wait, so none may come from an event loop.
public protocol UsageStore: AnyObject, Sendable {
  /// Adds to counts, all or none, and tells what they come to with what others have added.
  func add(_ rows: [UsageRow]) throws(StoreError) -> [UsageRow]
  /// Counts that were added to behind a position, and the position that this tells up to.
  func usage(
    after position: Int, limit: Int
  ) throws(StoreError) -> (rows: [UsageRow], position: Int)
  /// Forgets counts whose period is over, at most so many.
  func removeUsage(endedBefore now: Int, limit: Int) throws(StoreError)
}
