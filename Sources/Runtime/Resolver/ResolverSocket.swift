import Base
import CLinux

/// One socket, connected to a name server, for one question. Closed when it is let go.
///
/// Each question has a socket and so a port of its own, chosen by the kernel at random; being
/// connected, it takes datagrams of that server alone. Together with the random identifier that is
/// what a forger off the path has to guess (RFC 5452 §9).
final class ResolverSocket {
  enum Event: Equatable {
    case nothing
    case message([UInt8])
    case failed(Int32)
  }

  let descriptor: Int32
  let isTCP: Bool
  /// What is still to be sent over TCP: the query behind its length (RFC 1035 §4.2.2).
  private var unsent: [UInt8]
  private var received: [UInt8] = []

  /// Opens the socket and sends `query`, or begins to.
  init(to server: ResolverServer, isTCP: Bool, query: [UInt8]) throws(ResolverError) {
    self.isTCP = isTCP
    let length = UInt16(query.count)
    unsent = isTCP ? [UInt8(length >> 8), UInt8(length & 0xFF)] + query : []
    let type = Int32(isTCP ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue)
    let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = socket(server.address.isV4 ? AF_INET : AF_INET6, type | flags, 0)
    guard descriptor >= 0 else { throw .system(code: linux_errno()) }
    guard connect(to: server) == 0 || (isTCP && linux_errno() == EINPROGRESS) else {
      throw .system(code: linux_errno())
    }
    if !isTCP {
      // Safety: the kernel reads as many bytes as the array holds.
      let sent = unsafe query.withUnsafeBytes {
        unsafe send(descriptor, $0.baseAddress, $0.count, 0)
      }
      guard sent == query.count else { throw .system(code: linux_errno()) }
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var wantsWriting: Bool { !unsent.isEmpty }

  /// Does what can be done without waiting.
  func proceed() -> Event {
    if wantsWriting {
      // Safety: the kernel reads at most as many bytes as the array holds.
      let sent = unsafe unsent.withUnsafeBytes {
        unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 {
        return ResolverSocket.isPassing(linux_errno()) ? .nothing : .failed(linux_errno())
      }
      unsent.removeFirst(sent)
      return .nothing
    }
    return isTCP ? receiveStream() : receiveDatagram()
  }

  private func receiveDatagram() -> Event {
    // A reply without EDNS has at most 512 bytes (RFC 1035 §4.2.1); servers that send more are
    // read up to here, and what is longer breaks off and is found malformed.
    var buffer = ByteBuffer(capacity: 4096)
    let count = receive(into: &buffer, minimum: 4096)
    if count < 0 {
      return ResolverSocket.isPassing(linux_errno()) ? .nothing : .failed(linux_errno())
    }
    return .message(Array(buffer.takeStorage().prefix(count)))
  }

  private func receiveStream() -> Event {
    var buffer = ByteBuffer(capacity: 8192)
    let count = receive(into: &buffer, minimum: 8192)
    if count < 0 {
      return ResolverSocket.isPassing(linux_errno()) ? .nothing : .failed(linux_errno())
    }
    if count == 0 { return .failed(ECONNRESET) }
    received.append(contentsOf: buffer.takeStorage().prefix(count))
    guard received.count >= 2 else { return .nothing }
    let wanted = Int(received[0]) << 8 | Int(received[1])
    guard received.count >= 2 + wanted else { return .nothing }
    return .message(Array(received[2..<2 + wanted]))
  }

  private func receive(into buffer: inout ByteBuffer, minimum: Int) -> Int {
    // Safety: the kernel writes at most as many bytes as the free space holds.
    unsafe buffer.writeUnsafe(minimum: minimum) { room in
      unsafe recv(descriptor, room.baseAddress, room.count, 0)
    }
  }

  private static func isPassing(_ code: Int32) -> Bool {
    code == EAGAIN || code == EINTR || code == EINPROGRESS
  }

  private func connect(to server: ResolverServer) -> Int32 {
    if server.address.isV4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = server.port.bigEndian
      address.sin_addr.s_addr = UInt32(truncatingIfNeeded: server.address.low).bigEndian
      return ResolverSocket.connect(descriptor, &address)
    }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = server.port.bigEndian
    // Safety: an in6_addr is 16 bytes, room for two words.
    unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
      unsafe bytes.storeBytes(of: server.address.high.bigEndian, as: UInt64.self)
      unsafe bytes.storeBytes(of: server.address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return ResolverSocket.connect(descriptor, &address)
  }

  private static func connect<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
    // Safety: every socket address begins as `sockaddr` does, and its own size is given.
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe CLinux.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }
}
