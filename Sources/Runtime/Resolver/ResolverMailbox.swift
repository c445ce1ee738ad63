import CLinux
import Synchronization

/// What other threads leave for the resolver's thread: names to look up, and the wish to end.
final class ResolverMailbox: Sendable {
  typealias Deliver = @Sendable (Result<ResolverAnswer, ResolverError>) -> Void

  struct Request: Sendable {
    let host: HostAddress
    let deliver: Deliver
  }

  private struct State {
    var requests: [Request] = []
    /// Accepted and not yet answered, wherever they are.
    var pendingCount = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let pendingMax: Int
  /// An eventfd, readable when there is something new.
  let descriptor: Int32

  init(pendingMax: Int) throws(ResolverError) {
    self.pendingMax = pendingMax
    descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
    guard descriptor >= 0 else { throw .system(code: linux_errno()) }
  }

  deinit { if descriptor >= 0 { CLinux.close(descriptor) } }

  func post(_ request: Request) throws(ResolverError) {
    let error = state.withLock { state -> ResolverError? in
      if state.isClosed { return .closed }
      if state.pendingCount >= pendingMax { return .queueFull }
      state.pendingCount += 1
      state.requests.append(request)
      return nil
    }
    if let error { throw error }
    eventfd_write(descriptor, 1)
  }

  /// Takes no more requests, and lets the thread end; false if that was so already.
  func close() -> Bool {
    let isFirst = state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
    eventfd_write(descriptor, 1)
    return isFirst
  }

  /// What is new; for the resolver's thread.
  func take() -> (requests: [Request], isClosed: Bool) {
    var count: eventfd_t = 0
    // Safety: the kernel writes eight bytes, the size of `count`.
    _ = unsafe eventfd_read(descriptor, &count)
    return state.withLock { state in
      defer { state.requests = [] }
      return (state.requests, state.isClosed)
    }
  }

  /// Answers a request, and makes room for another.
  func answer(_ deliver: Deliver, _ outcome: Result<ResolverAnswer, ResolverError>) {
    state.withLock { $0.pendingCount -= 1 }
    deliver(outcome)
  }
}
