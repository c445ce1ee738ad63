public import Base

/// An address and port to listen on, written `127.0.0.1:8080` or `[::1]:8080`.
public struct BindAddress: Hashable, Sendable {
  /// The address; the unspecified one stands for all of its family.
  public let address: IPAddress
  /// The port; 0 lets the system choose one.
  public let port: UInt16

  /// An address and a port.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Reads `text`; nil unless it is an address and a port.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = Digits.port(text[text.index(after: colon)...])
    else { return nil }
    let host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    guard let address = IPAddress(String(isBracketed ? host.dropFirst().dropLast() : host)),
      host.contains(":") == isBracketed
    else { return nil }
    self.init(address: address, port: port)
  }

  /// Whether this stands for every address of its family.
  public var isEveryAddress: Bool {
    address == .unspecified || (address.high == 0 && address.low == 0)
  }

  /// Whether both would take connections to one place; ports chosen by the system never collide.
  public func overlaps(_ other: BindAddress) -> Bool {
    guard port == other.port, port != 0 else { return false }
    if address == other.address { return true }
    return address.isV4 == other.address.isV4 && (isEveryAddress || other.isEveryAddress)
  }
}

extension BindAddress: CustomStringConvertible {
  /// As it is written in a configuration.
  public var description: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
