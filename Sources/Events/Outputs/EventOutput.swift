import Base
import Runtime
import Synchronization
public import Telemetry

/// An output: keeps events until the other side has taken them, and hands them over in batches.
///
/// What the other side does not take waits, in memory and then on disk up to a bound; what comes
/// beyond that is lost and counted. Nothing of that reaches a request.
public final class EventOutput: EventSubscriber {
  /// What came of the events.
  public struct Counts: Sendable {
    /// Events that the other side has taken.
    public var sent: UInt64 = 0
    /// Events that the other side will never take.
    public var rejected: UInt64 = 0
    /// Events for which there was no room.
    public var lost: UInt64 = 0
    /// Tries that failed.
    public var failures: UInt64 = 0
    /// Bytes that wait.
    public var waitingBytes: UInt64 = 0
  }

  private struct State {
    var spool: EventSpool
    var counts = Counts()
    var isClosing = false
    var isClosed = false
  }

  /// Blocks that go together: about half a MiB of events.
  private static let batchBlocks = 8
  /// The first pause after a failure, and the longest, in milliseconds.
  private static let pauseMilliseconds = 250
  private static let pauseMax = 30_000
  /// How long what waits is still tried when the output ends, in milliseconds.
  private static let endMilliseconds: UInt64 = 2000

  /// What messages and metrics call it.
  public var name: String { settings.name }
  private let settings: EventOutputSettings
  private let state: Mutex<State>
  private let wakeup: Wakeup
  private let ended: Wakeup

  /// An output whose thread has begun; `make` makes the outlet on it.
  init(
    _ settings: EventOutputSettings, _ make: @escaping @Sendable () -> any Outlet
  ) throws(EventsError) {
    self.settings = settings
    do throws(FileError) {
      state = Mutex(
        State(
          spool: try EventSpool(folder: settings.queueFolder, bytesMax: settings.queueBytes)))
    } catch {
      throw EventsError("the queue of the output \(settings.name) \(error)")
    }
    do throws(SystemError) {
      wakeup = try Wakeup()
      ended = try Wakeup()
      try Thread.start(named: "output") { [self] in work(make()) }
    } catch {
      throw EventsError("the output \(settings.name): \(error)")
    }
  }

  /// What came of the events so far.
  public var counts: Counts {
    state.withLock { state in
      var counts = state.counts
      counts.lost += state.spool.lost
      counts.waitingBytes = UInt64(state.spool.bytes)
      return counts
    }
  }

  /// Takes events.
  public func receive(_ block: EventBlock) {
    state.withLock { $0.spool.put(block) }
    wakeup.notify()
  }

  /// Tries for a moment to hand over what waits, and keeps the rest on disk for the next time.
  public func finish() {
    state.withLock { $0.isClosing = true }
    wakeup.notify()
    let end = Clock.monotonic.nanoseconds / 1_000_000 + 2 * EventOutput.endMilliseconds
    while !state.withLock({ $0.isClosed }), Clock.monotonic.nanoseconds / 1_000_000 < end {
      ended.wait(milliseconds: 100)
    }
    state.withLock { $0.spool.save() }
  }

  // MARK: The output's thread

  private func work(_ outlet: any Outlet) {
    var pause = EventOutput.pauseMilliseconds
    var nextComplaint: UInt64 = 0
    var number: UInt64 = 0
    var closeBy = UInt64.max
    while true {
      let (blocks, closes) = state.withLock { state in
        (state.spool.front(EventOutput.batchBlocks), state.isClosing)
      }
      let now = Clock.monotonic.nanoseconds / 1_000_000
      if closes, closeBy == .max { closeBy = now + EventOutput.endMilliseconds }
      if closes, blocks.isEmpty || now >= closeBy { break }
      if blocks.isEmpty {
        outlet.settle()
        wakeup.wait(milliseconds: 500)
        continue
      }
      let batch = OutletBatch(blocks: blocks, selection: settings.selection, number: number)
      do throws(OutletError) {
        try outlet.send(batch)
        number += 1
        pause = EventOutput.pauseMilliseconds
        finished(blocks, isSent: true)
      } catch {
        let isOver = failed(error, blocks, now, &nextComplaint)
        if isOver {
          number += 1
          continue
        }
        // A block that comes meanwhile wakes the thread: the pause is kept all the same.
        wait(until: now + UInt64(error.retryMilliseconds ?? pause), closeBy: closeBy)
        pause = min(2 * pause, EventOutput.pauseMax)
      }
    }
    outlet.settle()
    state.withLock { $0.isClosed = true }
    ended.notify()
  }

  private func wait(until end: UInt64, closeBy: UInt64) {
    while true {
      let now = Clock.monotonic.nanoseconds / 1_000_000
      if now >= end || now >= closeBy { return }
      if closeBy == .max, state.withLock({ $0.isClosing }) { return }
      wakeup.wait(milliseconds: Int(min(end - now, 1000)))
    }
  }

  private func finished(_ blocks: [EventBlock], isSent: Bool) {
    var count = 0
    for block in blocks {
      block.forEach { event in if settings.selection.takes(event) { count += 1 } }
    }
    let events = UInt64(count)
    state.withLock { state in
      state.spool.drop(blocks.count)
      if isSent { state.counts.sent += events } else { state.counts.rejected += events }
    }
  }

  /// Notes a failure; true if the events will never be taken, and are gone.
  private func failed(
    _ error: OutletError, _ blocks: [EventBlock], _ now: UInt64, _ nextComplaint: inout UInt64
  ) -> Bool {
    state.withLock { $0.counts.failures += 1 }
    if now >= nextComplaint {
      nextComplaint = now + 60_000
      let counts = counts
      ErrorLog.warning(
        "the output \(name) \(error.reason); \(counts.waitingBytes) bytes wait, "
          + "\(counts.lost + counts.rejected) events lost so far")
    }
    if error.isFinal { finished(blocks, isSent: false) }
    return error.isFinal
  }
}
