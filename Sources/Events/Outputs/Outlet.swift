import Telemetry

/// The way by which an output hands events over: called on the output's own thread, and may wait.
protocol Outlet: AnyObject {
  /// Hands over all of these events, or none; when it throws, they are handed over again.
  func send(_ batch: OutletBatch) throws(OutletError)
  /// Called now and then, and before the end.
  func settle()
}

extension Outlet {
  func settle() {}
}

/// Events that go together.
struct OutletBatch {
  /// The blocks as they came; not all of their events are for this output.
  let blocks: [EventBlock]
  let selection: EventSelection
  /// What names this batch over all tries.
  let number: UInt64

  /// Lends the events that are for this output; tells how many there are.
  @discardableResult
  func forEach(_ body: (borrowing Event) -> Void) -> Int {
    var count = 0
    for block in blocks {
      block.forEach { event in
        if selection.takes(event) {
          body(event)
          count += 1
        }
      }
    }
    return count
  }
}
