public import Base
import CLinux

/// The clocks of the system; nothing else in the gateway tells time.
public enum Clock {
  /// The monotonic clock.
  public static var monotonic: Instant {
    var time = timespec()
    // Safety: the structure lives for the call.
    unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// The processor time that this thread has taken, in nanoseconds: for measuring.
  public static var threadNanoseconds: UInt64 {
    var time = timespec()
    // Safety: the structure lives for the call.
    unsafe _ = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Milliseconds since 1970.
  public static var wallMilliseconds: UInt64 { wallMilliseconds(CLOCK_REALTIME) }

  /// Milliseconds since 1970 as of the system's last tick, a few milliseconds ago at most: for who
  /// asks so often that reading the hardware's clock would tell.
  public static var wallMillisecondsAtTick: UInt64 { wallMilliseconds(CLOCK_REALTIME_COARSE) }

  private static func wallMilliseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    // Safety: the structure lives for the call.
    unsafe _ = clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }
}
