import Base
import Runtime
import Synchronization

/// Lets tasks wait for a time, as long as some thread calls `tick` every few milliseconds.
final class Pacer: Sendable {
  private struct Waiting: Sendable {
    let nanoseconds: UInt64
    let continuation: CheckedContinuation<Void, Never>
  }

  private let waiting = Mutex<[Waiting]>([])

  /// Waits for at least so long.
  func pause(milliseconds: Int) async {
    let due = Clock.monotonic.nanoseconds + UInt64(max(0, milliseconds)) * 1_000_000
    await withCheckedContinuation { continuation in
      waiting.withLock { $0.append(Waiting(nanoseconds: due, continuation: continuation)) }
    }
  }

  /// Lets those go on whose time has come.
  func tick() {
    let now = Clock.monotonic.nanoseconds
    let due = waiting.withLock { waiting in
      let due = waiting.filter { $0.nanoseconds <= now }
      waiting.removeAll { $0.nanoseconds <= now }
      return due
    }
    for one in due { one.continuation.resume() }
  }
}
