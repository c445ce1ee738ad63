import CLinux

/// Wakes a thread that waits, from any other.
public final class Wakeup: Sendable {
  private let descriptor: Int32

  /// One that nobody has called yet.
  public init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    if descriptor < 0 { throw SystemError("eventfd") }
  }

  deinit { close(descriptor) }

  /// Wakes whoever waits, or waits next.
  public func notify() { _ = eventfd_write(descriptor, 1) }

  /// Waits until it is called, or for so long.
  public func wait(milliseconds: Int) {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var count: eventfd_t = 0
    // Safety: structure and counter live for the calls.
    unsafe _ = poll(&waited, 1, Int32(clamping: milliseconds))
    unsafe _ = eventfd_read(descriptor, &count)
  }
}
