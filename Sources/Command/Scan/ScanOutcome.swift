import Synchronization

/// What a scan ended with, handed from its task to the thread that waits.
final class ScanOutcome: Sendable {
  let status = Mutex<Int32?>(nil)
}
