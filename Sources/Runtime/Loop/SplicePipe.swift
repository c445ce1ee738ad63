import CLinux

/// A pipe by which the kernel moves bytes from one socket to another without copying them.
public final class SplicePipe {
  private let reader: Int32
  private let writer: Int32
  private var held = 0

  /// Bytes for which a pipe has room, if the system grants it: a page of a file that an upstream
  /// sends fills one place of it, and an ordinary pipe has but sixteen.
  private static let roomBytes: Int32 = 512 * 1024

  /// A pipe with more room than is ordinary, where the system grants that.
  public init() throws(SystemError) {
    var (out, into): (Int32, Int32) = (-1, -1)
    // Safety: both words live for the call.
    if unsafe linux_pipe(&out, &into) < 0 { throw SystemError("pipe2") }
    (reader, writer) = (out, into)
    // A user may have a limit of such pipes; an ordinary one does as well.
    _ = linux_pipe_resize(writer, SplicePipe.roomBytes)
  }

  deinit {
    Socket.close(reader)
    Socket.close(writer)
  }

  /// Bytes that are in the pipe.
  public var count: Int { held }

  /// Takes at most `limit` bytes from a socket; the pipe has to be empty, so that a call that
  /// would block is the socket's doing.
  public func fill(from descriptor: Int32, atMost limit: Int) -> Socket.Outcome {
    precondition(held == 0, "a pipe is filled when it is empty")
    let moved = linux_splice(descriptor, writer, limit, 0)
    if moved > 0 {
      held = moved
      return .bytes(moved)
    }
    return moved == 0 ? .end : Socket.failure()
  }

  /// Gives what it holds to a socket, as much of it as that takes. With `more`, what would not fill
  /// a segment may wait a moment for what follows.
  public func drain(to descriptor: Int32, more: Bool) -> Socket.Outcome {
    let moved = linux_splice(reader, descriptor, held, more ? 1 : 0)
    if moved < 0 { return Socket.failure() }
    held -= moved
    return .bytes(moved)
  }
}
