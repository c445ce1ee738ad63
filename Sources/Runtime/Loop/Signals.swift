import CLinux

/// The signals that a server answers to, taken one after another on one thread.
public enum Signals {
  /// What a signal asks for.
  public enum Signal: Sendable { case terminate, reload, reopen, replace }

  /// Blocks the signals in this thread and in all that it starts; call before any thread starts.
  public static func block() {
    var set = signalSet()
    // Safety: the set lives for the call.
    unsafe _ = pthread_sigmask(Int32(SIG_BLOCK), &set, nil)
  }

  /// Waits for the next signal, for `milliseconds` at most; nil when none came.
  public static func wait(milliseconds: Int) -> Signal? {
    var set = signalSet()
    var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    // Safety: set and time live for the call; nothing else is asked for.
    switch unsafe sigtimedwait(&set, nil, &time) {
    case SIGTERM, SIGINT: return .terminate
    case SIGHUP: return .reload
    case SIGUSR1: return .reopen
    case SIGUSR2: return .replace
    default: return nil
    }
  }

  private static func signalSet() -> sigset_t {
    var set = sigset_t()
    // Safety: the set lives for the calls.
    unsafe _ = sigemptyset(&set)
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] {
      // Safety: as above.
      unsafe _ = sigaddset(&set, signal)
    }
    return set
  }
}
