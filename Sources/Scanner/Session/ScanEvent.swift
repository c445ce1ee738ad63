/// What happens in a scan, for whoever shows or records it.
package enum ScanEvent: Sendable {
  /// Whoever has to is logged in; there are so many operations.
  case began(operations: Int)
  /// A check begins, the `place`th of `count`.
  case check(name: String, place: Int, count: Int, requests: Int)
  /// A check has looked at everything.
  case done(name: String)
  /// Something was found and proved.
  case found(Finding)
  /// The scan is over.
  case ended(requests: Int)
}
