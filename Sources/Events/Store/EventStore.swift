import Base
import Runtime
import Synchronization
public import Telemetry

/// Keeps events on disk, where they can be searched: compressed, by column, for as long as they are
/// wanted.
///
/// A block is in the journal, and so safe from a kill of the process, as soon as it is taken; from
/// a loss of power after a second more. What is in a loop's own block, half a second at most, is
/// lost.
public final class EventStore: EventSubscriber {
  /// How often is told that events cannot be kept, in milliseconds.
  private static let complaintMilliseconds: UInt64 = 60_000

  private struct State {
    var writer: StoreWriter
    var told: UInt64 = 0
    var nextComplaint: UInt64 = 0
  }

  /// What messages and metrics call it.
  public let name = "store"
  /// What it was opened with.
  public let settings: EventStoreSettings
  private let state: Mutex<State>

  /// Opens the store, and makes it if there is none; the error names the folder.
  public init(_ settings: EventStoreSettings) throws(EventsError) {
    self.settings = settings
    do throws(FileError) {
      state = Mutex(State(writer: try StoreWriter(settings)))
    } catch {
      throw EventsError("the store of events \(settings.folder) \(error)")
    }
  }

  /// Events that could not be kept, for the disk was full.
  public var lost: UInt64 { state.withLock { $0.writer.lost } }

  /// Takes events.
  public func receive(_ block: EventBlock) {
    let now = Clock.wallMilliseconds
    state.withLock { state in
      state.writer.take(block, now: now)
      state.writer.settle(now: now)
    }
  }

  /// Makes safe what was taken, and says what went wrong.
  public func settle() {
    let now = Clock.wallMilliseconds
    let complaint = state.withLock { state -> String? in
      state.writer.settle(now: now)
      guard let failure = state.writer.failure, now >= state.nextComplaint,
        state.writer.lost > state.told || state.nextComplaint == 0
      else { return nil }
      (state.told, state.nextComplaint) =
        (state.writer.lost, now + EventStore.complaintMilliseconds)
      return "\(failure); \(state.writer.lost) events lost so far"
    }
    if let complaint {
      ErrorLog.error("the store of events \(settings.folder) cannot be written: \(complaint)")
    }
  }

  /// Makes safe what was taken; the next one that opens the folder goes on.
  public func finish() { state.withLock { $0.writer.finish() } }

  /// Makes a page of what is there, instead of waiting for more; for measuring.
  public func flush() {
    let now = Clock.wallMilliseconds
    state.withLock { $0.writer.flush(now: now) }
  }
}
