import CLinux

/// The thread that writes a log.
final class LogThread: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  /// Starts it; false if the system has no thread to give.
  func start() -> Bool {
    var thread = pthread_t()
    // Safety: retained once here, and released once by the thread that gets it.
    let box = unsafe Unmanaged.passRetained(self)
    // Safety: retained once here, released once by the thread that gets it.
    let failed = unsafe pthread_create(
      &thread, nil,
      { raw in
        guard let raw = unsafe raw else { return nil }
        LogThread.blockSignals()
        unsafe Unmanaged<LogThread>.fromOpaque(raw).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    if failed != 0 {
      // Safety: no thread took it.
      unsafe box.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Blocks all signals in this thread: none is its own, and a pipe that nobody reads any more, or
  /// a file at its limit, is to be an error of `write` and not the end of the process.
  private static func blockSignals() {
    var set = sigset_t()
    // Safety: the set lives for the calls.
    unsafe _ = sigfillset(&set)
    unsafe _ = pthread_sigmask(Int32(SIG_BLOCK), &set, nil)
  }
}
