public import Base

/// A name server: its address and port.
public struct ResolverServer: Hashable, Sendable {
  /// Where the server listens, by UDP and TCP.
  public let address: IPAddress
  public let port: UInt16

  public init(address: IPAddress, port: UInt16 = 53) {
    self.address = address
    self.port = port
  }
}
