import Synchronization

/// What a scan ended with, and whether it is to end, between its task and the thread that waits.
final class ScanOutcome: Sendable {
  let status = Mutex<Int32?>(nil)
  let pacer = Pacer()
  let isStopped = Atomic<Bool>(false)
}
