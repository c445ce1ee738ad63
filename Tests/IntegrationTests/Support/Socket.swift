import Glibc

/// A TCP socket on the loopback interface, closed with its last owner.
final class Socket: Sendable {
  let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Listens on `port`, any free one for zero.
  static func listening(port: UInt16 = 0) throws -> Socket {
    let socket = try Socket.make()
    var reuse: Int32 = 1
    // Safety: the pointer is to a value of the size that is given.
    _ = unsafe setsockopt(
      socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, UInt32(MemoryLayout<Int32>.size))
    // Safety: `withLoopback` gives the address with its true size.
    let bound = unsafe withLoopback(port) { unsafe bind(socket.descriptor, $0, $1) }
    guard bound == 0, listen(socket.descriptor, 64) == 0 else { throw SocketError(errno) }
    return socket
  }

  static func connected(to port: UInt16) throws -> Socket {
    let socket = try Socket.make()
    // Safety: `withLoopback` gives the address with its true size.
    let done = unsafe withLoopback(port) { unsafe connect(socket.descriptor, $0, $1) }
    guard done == 0 else { throw SocketError(errno) }
    return socket
  }

  /// A port that is free now.
  static func freePort() throws -> UInt16 { try listening().port }

  /// Two ports that are free now and differ, since both are held until they are known.
  static func freePorts() throws -> (UInt16, UInt16) {
    let held = (try listening(), try listening())
    return withExtendedLifetime(held) { (held.0.port, held.1.port) }
  }

  var port: UInt16 {
    var address = sockaddr_in()
    var size = UInt32(MemoryLayout<sockaddr_in>.size)
    // Safety: the address is written to its own size at most.
    unsafe withUnsafeMutablePointer(to: &address) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getsockname(descriptor, $0, &size)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// The next connection; nil once the socket is shut down.
  func accepted() -> Socket? {
    let descriptor = accept(descriptor, nil, nil)
    return descriptor < 0 ? nil : Socket(descriptor: descriptor)
  }

  /// Sends all, or throws what the peer answered by.
  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      // Safety: no byte beyond the array is sent.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SocketError(errno) }
      sent += count
    }
  }

  /// What arrived; empty at the end of the stream or after a reset.
  func receive(withinMilliseconds limit: Int32 = 10_000, most: Int = 65536) throws -> [UInt8] {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Safety: one event is given.
    guard unsafe poll(&event, 1, limit) > 0 else { throw SocketError(ETIMEDOUT) }
    var bytes = [UInt8](repeating: 0, count: most)
    // Safety: no more is written than the array holds.
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
    }
    return Array(bytes.prefix(max(0, count)))
  }

  func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  private static func make() throws -> Socket {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0)
    guard descriptor >= 0 else { throw SocketError(errno) }
    return Socket(descriptor: descriptor)
  }

  private static func withLoopback(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, UInt32) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    // Safety: the address is valid for the closure, and its size is given.
    return unsafe withUnsafePointer(to: &address) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, UInt32(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

/// A call on a socket failed.
struct SocketError: Error {
  let code: Int32
  init(_ code: Int32) { self.code = code }
}
