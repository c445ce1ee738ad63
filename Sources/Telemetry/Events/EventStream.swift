import Synchronization

/// All events of the gateway: takes blocks from the loops and gives them to whoever subscribed.
///
/// It lives as long as the process; subscribers come and go with the configuration. While there is
/// none, loops write no events at all.
public final class EventStream: Sendable {
  private struct State {
    var queues: [EventQueue] = []
    var leaving: [EventQueue] = []
    /// What was counted for subscribers that have left.
    var lostBefore: UInt64 = 0
    var masked = MaskedNames()
  }

  /// The name of this gateway among others.
  public let node: String
  private let state = Mutex(State())
  private let pool = EventPool()
  private let active = Atomic<Bool>(false)

  /// A stream that nobody reads yet.
  public init(node: String) { self.node = node }

  /// Whether anybody reads; asked for each exchange.
  @inline(__always)
  public var isActive: Bool { active.load(ordering: .relaxed) }

  /// Names of fields and query parameters that are masked beside those that always are. A loop
  /// takes them over with the plan that follows.
  public func mask(_ names: [String]) {
    let masked = MaskedNames(names)
    state.withLock { $0.masked = masked }
  }

  var masked: MaskedNames { state.withLock { $0.masked } }

  /// Gives all events from now on to `subscriber`, on a thread of its own; false if the system has
  /// no thread to give.
  public func attach(_ subscriber: any EventSubscriber) -> Bool {
    guard let queue = EventQueue(subscriber) else { return false }
    state.withLock { $0.queues.append(queue) }
    active.store(true, ordering: .relaxed)
    return true
  }

  /// Gives it no more; it finishes in its own time, for which this waits so long at most.
  public func detach(_ subscriber: any EventSubscriber, waitingMilliseconds: Int = 0) {
    let queues = state.withLock { state in
      let queues = state.queues.filter { $0.subscriber === subscriber }
      for queue in state.leaving where queue.isClosed { state.lostBefore += queue.counts.lost }
      state.leaving.removeAll { $0.isClosed }
      for queue in state.queues where queue.subscriber === subscriber {
        queue.close()
        state.leaving.append(queue)
      }
      state.queues.removeAll { $0.subscriber === subscriber }
      if state.queues.isEmpty { active.store(false, ordering: .relaxed) }
      return queues
    }
    for queue in queues where waitingMilliseconds > 0 && !queue.isClosed {
      queue.waitForEnd(milliseconds: waitingMilliseconds)
    }
  }

  /// What came of the events so far, by subscriber.
  public var counts: [EventCounts] { state.withLock { $0.queues.map(\.counts) } }

  /// Ends all subscribers, and waits until they have finished, or for `milliseconds` each.
  public func close(milliseconds: Int = 5000) {
    let queues = state.withLock { state in
      active.store(false, ordering: .relaxed)
      defer { state.queues = [] }
      return state.queues + state.leaving
    }
    for queue in queues { queue.close() }
    // All have had their time when the last one is looked at.
    for queue in queues where !queue.isClosed { queue.waitForEnd(milliseconds: milliseconds) }
  }

  /// Takes a block's bytes, and gives storage for the next one.
  func take(
    _ storage: consuming [UInt8], used: Int, count: Int, alone taker: ((EventBlock) -> Void)? = nil
  ) -> [UInt8] {
    let block = EventBlock(storage, used: used, count: count, pool: pool)
    if let taker {
      taker(block)
      return pool.take()
    }
    state.withLock { state in
      for place in state.queues.indices { state.queues[place].put(block) }
    }
    return pool.take()
  }
}
