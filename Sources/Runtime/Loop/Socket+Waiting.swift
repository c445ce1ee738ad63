public import Base
import CLinux

/// Sockets for threads that may wait: outputs of events, and nothing that serves requests.
extension Socket {
  /// Waits until a socket can be read, or written, or for so long; whether it can.
  public static func wait(_ descriptor: Int32, forWriting: Bool, milliseconds: Int) -> Bool {
    var waited = pollfd(
      fd: descriptor, events: Int16(forWriting ? POLLOUT : POLLIN), revents: 0)
    // Safety: the structure lives for the call.
    return unsafe poll(&waited, 1, Int32(clamping: milliseconds)) > 0
  }

  /// A connection that is made, or why it is not.
  public static func connectAndWait(
    _ address: IPAddress, port: UInt16, milliseconds: Int
  ) throws(SystemError) -> Int32 {
    let descriptor = try connect(address, port: port)
    let isDecided = wait(descriptor, forWriting: true, milliseconds: milliseconds)
    let code = isDecided ? error(descriptor) : ETIMEDOUT
    if code == 0 { return descriptor }
    close(descriptor)
    throw SystemError("connect", code: code)
  }
}
