/// Somebody who reads the events: an output, the store of events, a detector.
///
/// It is called on a thread of its own and may take its time: what it does not get to is lost for
/// it alone, and counted. It never slows down a request, or another subscriber.
public protocol EventSubscriber: AnyObject, Sendable {
  /// What messages and metrics call it.
  var name: String { get }
  /// Takes events of one loop; those of several loops come in no order.
  func receive(_ block: EventBlock)
  /// Called now and then, also while no events come: to send what has waited long enough.
  func settle()
  /// No more events come: what was taken is to be put where it is safe.
  func finish()
}

extension EventSubscriber {
  /// Has nothing to do.
  public func settle() {}
  /// Has nothing to do.
  public func finish() {}
}
