import CLinux
import Synchronization

/// Threads of their own for work that waits: for a database, or for a password's hash.
///
/// No loop may do such work; it hands it over here, and gets what comes of it by a mailbox.
public final class WorkQueue: Sendable {
  /// A piece of work.
  public typealias Work = @Sendable () -> Void

  private struct State {
    var waiting: [Work] = []
    var next = 0
  }

  private let state = Mutex(State())
  private let waitingMax: Int
  /// Counts the pieces of work that wait: each read takes one.
  private let semaphore: Int32

  /// Starts `threads` threads, for which at most `waitingMax` pieces of work wait.
  public init(named name: String, threads: Int, waitingMax: Int) throws(SystemError) {
    self.waitingMax = waitingMax
    semaphore = eventfd(0, Int32(EFD_CLOEXEC | EFD_SEMAPHORE))
    if semaphore < 0 { throw SystemError("eventfd") }
    for number in 0..<threads {
      try Thread.start(named: "\(name)-\(number)") { [self] in serve() }
    }
  }

  /// Has the work done; false if too much waits already, and then it is not.
  public func submit(_ work: @escaping Work) -> Bool {
    let isTaken = state.withLock { state in
      guard state.waiting.count - state.next < waitingMax else { return false }
      state.waiting.append(work)
      return true
    }
    if isTaken { _ = eventfd_write(semaphore, 1) }
    return isTaken
  }

  private func serve() {
    while true {
      var count: eventfd_t = 0
      // Safety: the counter lives for the call, which waits until there is something to do.
      if unsafe eventfd_read(semaphore, &count) < 0 { continue }
      if let work = take() { work() }
    }
  }

  private func take() -> Work? {
    state.withLock { state in
      guard state.next < state.waiting.count else { return nil }
      let work = state.waiting[state.next]
      state.next += 1
      if state.next == state.waiting.count || state.next > 256 {
        state.waiting.removeFirst(state.next)
        state.next = 0
      }
      return work
    }
  }
}
