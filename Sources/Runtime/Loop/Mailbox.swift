import CLinux
import Synchronization

/// Messages for a loop from other threads.
public final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])
  /// The descriptor that wakes the loop.
  public let descriptor: Int32

  public init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    if descriptor < 0 { throw SystemError("eventfd") }
  }

  /// Leaves a message and wakes the loop.
  public func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    _ = eventfd_write(descriptor, 1)
  }

  /// Waits until there is a message, at most so long; for a thread that has no loop.
  public func wait(milliseconds: Int32 = -1) {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Safety: the structure lives for the call.
    _ = unsafe poll(&waited, 1, milliseconds)
  }

  /// Takes all messages; for the loop's thread.
  public func take() -> [Message] {
    var count: eventfd_t = 0
    // Safety: the counter lives for the call.
    unsafe _ = eventfd_read(descriptor, &count)
    return messages.withLock { held in
      let taken = held
      held = []
      return taken
    }
  }
}
