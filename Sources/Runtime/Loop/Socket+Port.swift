import CLinux

extension Socket {
  /// The port that a socket of IPv4 is bound to, which the system chose if 0 was asked for.
  public static func port(_ descriptor: Int32) -> UInt16? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Safety: the structure lives for the call, which writes no more than the size it is told.
    let failed = unsafe withUnsafeMutablePointer(to: &address) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size)
      }
    }
    return failed == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }
}
