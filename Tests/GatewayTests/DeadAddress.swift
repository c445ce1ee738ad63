import Glibc

/// An address of the loopback interface where connections are neither taken nor refused, as behind
/// a firewall that drops packets: its queue is full.
final class DeadAddress {
  let port: UInt16
  private var descriptors: [Int32] = []

  /// Makes 127.0.0.`last` dead on some port, unless a port is given.
  init(last: UInt8, port given: UInt16 = 0) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = DeadAddress.address(last, given == 0 ? try DeadAddress.portForServers() : given)
    // Safety: the address lives for the calls, with its true size.
    let bound = unsafe DeadAddress.with(&address) { unsafe bind(listener, $0, $1) }
    guard listener >= 0, bound == 0, listen(listener, 0) == 0 else { throw DeadAddressError() }
    descriptors = [listener]
    var size = UInt32(MemoryLayout<sockaddr_in>.size)
    // Safety: the address is written to its own size at most.
    unsafe withUnsafeMutablePointer(to: &address) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getsockname(listener, $0, &size)
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    // Each connection that completes takes a place in the queue; the first that does not is proof.
    while try connectsInTime(last) {
      if descriptors.count > 64 { throw DeadAddressError() }
    }
  }

  /// A port that 127.0.0.1 has free, and that no client gets by chance: below 32768.
  private static func portForServers() throws -> UInt16 {
    for _ in 0..<100 {
      let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(probe) }
      var address = DeadAddress.address(1, UInt16.random(in: 20_000..<32_000))
      // Safety: the address lives for the call, with its true size.
      if unsafe DeadAddress.with(&address, { unsafe bind(probe, $0, $1) }) == 0 {
        return UInt16(bigEndian: address.sin_port)
      }
    }
    throw DeadAddressError()
  }

  /// A port of 127.0.0.9 that is free now, and so most likely one of 127.0.0.1.
  static func freePort() throws -> UInt16 { try DeadAddress(last: 9).port }

  deinit { for descriptor in descriptors { close(descriptor) } }

  private func connectsInTime(_ last: UInt8) throws -> Bool {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o4000, 0)
    guard client >= 0 else { throw DeadAddressError() }
    descriptors.append(client)
    var address = DeadAddress.address(last, port)
    // Safety: the address lives for the call, with its true size.
    _ = unsafe DeadAddress.with(&address) { unsafe connect(client, $0, $1) }
    var event = pollfd(fd: client, events: Int16(POLLOUT), revents: 0)
    // Safety: one event is given.
    return unsafe poll(&event, 1, 100) == 1
  }

  private static func address(_ last: UInt8, _ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (0x7F00_0000 | UInt32(last)).bigEndian
    return address
  }

  private static func with(
    _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, UInt32) -> Int32
  ) -> Int32 {
    // Safety: the address is valid for the closure, and its size is given.
    unsafe withUnsafePointer(to: &address) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, UInt32(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

/// The sockets for a dead address could not be had.
struct DeadAddressError: Error {}
