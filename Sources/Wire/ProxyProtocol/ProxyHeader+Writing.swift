public import Base

extension ProxyHeader {
  /// Which form a header is written in.
  public enum Version: String, CaseIterable, Sendable { case v1, v2 }

  /// One end of a connection.
  public struct End: Hashable, Sendable {
    /// Its address.
    public let address: IPAddress
    /// Its port; 0 if it is not known.
    public let port: UInt16

    /// An end.
    public init(_ address: IPAddress, port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  /// The header of a connection from a client to where it was accepted.
  ///
  /// Where only one of the two is of IPv4, both are written as of IPv6, in mapped form.
  public static func write(_ version: Version, from source: End, to destination: End) -> [UInt8] {
    let isV4 = source.address.isV4 && destination.address.isV4
    return version == .v1
      ? text(source, destination, isV4: isV4) : binary(source, destination, isV4: isV4)
  }

  private static func text(_ source: End, _ destination: End, isV4: Bool) -> [UInt8] {
    var line = ByteBuffer(capacity: lineBytesMax)
    line.append(isV4 ? "PROXY TCP4 " : "PROXY TCP6 ")
    for end in [source, destination] {
      if !isV4, end.address.isV4 { line.append("::ffff:") }
      end.address.write(into: &line)
      line.append(" ")
    }
    line.append(decimal: Int(source.port))
    line.append(" ")
    line.append(decimal: Int(destination.port))
    line.append("\r\n")
    return Array(line.storage.prefix(line.count))
  }

  private static func binary(_ source: End, _ destination: End, isV4: Bool) -> [UInt8] {
    // Version 2, a connection of somebody else's; TCP over IPv4 or IPv6; the addresses' length.
    var bytes = signature + [0x21, isV4 ? 0x11 : 0x21, 0, isV4 ? 12 : 36]
    for end in [source, destination] {
      let halves = isV4 ? [end.address.low << 32] : [end.address.high, end.address.low]
      for half in halves {
        for place in 0..<(isV4 ? 4 : 8) {
          bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * place)))
        }
      }
    }
    for end in [source, destination] {
      bytes += [UInt8(truncatingIfNeeded: end.port >> 8), UInt8(truncatingIfNeeded: end.port)]
    }
    return bytes
  }
}
