import CLinux
import Synchronization

/// What waits for one subscriber, and the thread that it is called on.
final class EventQueue: Sendable {
  private struct State {
    var waiting: [EventBlock] = []
    var isClosing = false
    var isClosed = false
  }

  /// How many blocks wait at most: 4 MiB of events.
  static let waitingMax = 64
  /// How often a subscriber is called when nothing comes, in milliseconds.
  private static let settleMilliseconds: Int32 = 250

  let subscriber: any EventSubscriber
  private let state = Mutex(State())
  private let delivered = Atomic<UInt64>(0)
  private let lost = Atomic<UInt64>(0)
  private let wakeup: Int32
  /// Can be read once the subscriber has finished.
  private let finished: Int32

  /// A queue whose thread has begun; nil if the system has none to give.
  init?(_ subscriber: any EventSubscriber) {
    self.subscriber = subscriber
    wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    finished = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeup >= 0, finished >= 0, LogThread({ [self] in work() }).start() else { return nil }
  }

  deinit {
    if wakeup >= 0 { CLinux.close(wakeup) }
    if finished >= 0 { CLinux.close(finished) }
  }

  /// What came of the events so far.
  var counts: EventCounts {
    EventCounts(
      subscriber: subscriber.name, delivered: delivered.load(ordering: .relaxed),
      lost: lost.load(ordering: .relaxed))
  }

  /// Puts a block into the queue, or counts its events as lost if there is no room.
  func put(_ block: EventBlock) {
    let isTaken = state.withLock { state in
      if state.isClosing || state.waiting.count >= EventQueue.waitingMax { return false }
      state.waiting.append(block)
      return true
    }
    if isTaken {
      _ = eventfd_write(wakeup, 1)
    } else {
      lost.add(UInt64(block.count), ordering: .relaxed)
    }
  }

  /// Has the subscriber finish with what waits; does not wait for it.
  func close() {
    state.withLock { $0.isClosing = true }
    _ = eventfd_write(wakeup, 1)
  }

  /// Waits until the subscriber has finished, or for a time.
  func waitForEnd(milliseconds: Int) {
    var ready = pollfd(fd: finished, events: Int16(POLLIN), revents: 0)
    // Safety: the structure lives for the call.
    unsafe _ = poll(&ready, 1, Int32(clamping: milliseconds))
  }

  /// Whether the subscriber has finished.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  private func work() {
    var blocks: [EventBlock] = []
    while true {
      wait()
      let closes = state.withLock { state in
        swap(&blocks, &state.waiting)
        return state.isClosing
      }
      for place in blocks.indices {
        subscriber.receive(blocks[place])
        delivered.add(UInt64(blocks[place].count), ordering: .relaxed)
      }
      blocks.removeAll(keepingCapacity: true)
      if closes {
        subscriber.finish()
        state.withLock { $0.isClosed = true }
        _ = eventfd_write(finished, 1)
        return
      }
      subscriber.settle()
    }
  }

  /// Waits until there is something, or for a while.
  private func wait() {
    var ready = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
    var count: eventfd_t = 0
    // Safety: structure and counter live for the calls.
    unsafe _ = poll(&ready, 1, EventQueue.settleMilliseconds)
    unsafe _ = eventfd_read(wakeup, &count)
  }
}
