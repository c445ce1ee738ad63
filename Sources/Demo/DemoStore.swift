import Synchronization

/// The one state of a demo, safe to use from any thread.
final class DemoStore: Sendable {
  private let state = Mutex(DemoState())

  func with<Result: Sendable>(_ body: (inout DemoState) -> Result) -> Result {
    state.withLock { state in body(&state) }
  }
}
