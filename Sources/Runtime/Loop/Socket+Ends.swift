public import Base
import CLinux

extension Socket {
  /// The address and port of one end of a connection: the other side's, or our own.
  public static func end(
    _ descriptor: Int32, isPeer: Bool
  ) -> (address: IPAddress, port: UInt16)? {
    var (high, low, port) = (UInt64(0), UInt64(0), UInt16(0))
    // Safety: all three live for the call.
    let failed = unsafe linux_end(descriptor, isPeer ? 1 : 0, &high, &low, &port)
    return failed == 0 ? (IPAddress(high: high, low: low), port) : nil
  }
}
