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

  /// Milliseconds since 1970.
  public static var wallMilliseconds: UInt64 {
    var time = timespec()
    // Safety: the structure lives for the call.
    unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
  }
}
