import Runtime
import Synchronization

/// Runs asynchronous work for a subcommand, which waits for its status.
enum AsyncWork {
  /// The status that `work` ends with; 130 if the process is told to stop before.
  static func run(_ work: @escaping @Sendable () async -> Int32) -> Int32 {
    Signals.block()
    let outcome = ScanOutcome()
    Task {
      let status = await work()
      outcome.status.withLock { $0 = status }
    }
    while true {
      if let status = outcome.status.withLock({ $0 }) { return status }
      if Signals.wait(milliseconds: 20) == .terminate { return 130 }
    }
  }
}
