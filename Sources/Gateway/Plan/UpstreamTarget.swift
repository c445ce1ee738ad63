public import Base
import Synchronization

/// One upstream of a service, and the addresses that its name stands for at the moment.
public final class UpstreamTarget: Sendable {
  /// The place among the service's targets.
  public let index: Int
  public let host: String
  public let port: UInt16
  public let isSecure: Bool
  public let weight: Int
  /// The name that its certificate is held against.
  public let serverName: String
  /// `host:port`, or the host alone on the scheme's own port: the `Host` field, and the log's name.
  public let authority: [UInt8]
  private let addresses: Mutex<[IPAddress]>

  public init(
    index: Int, host: String, address: IPAddress?, port: UInt16, isSecure: Bool, weight: Int,
    serverName: String?
  ) {
    self.index = index
    self.host = host
    self.port = port
    self.isSecure = isSecure
    self.weight = weight
    self.serverName = serverName ?? host
    let shown = address.map { $0.isV4 ? host : "[\(host)]" } ?? host
    let isOwnPort = port == (isSecure ? 443 : 80)
    authority = Array((isOwnPort ? shown : "\(shown):\(port)").utf8)
    addresses = Mutex(address.map { [$0] } ?? [])
  }

  /// Replaces the addresses, when the resolver has new ones.
  public func update(_ new: [IPAddress]) { addresses.withLock { $0 = new } }

  /// The address for the `attempt`-th try, or nil while the name is not resolved.
  public func address(attempt: Int) -> IPAddress? {
    addresses.withLock { $0.isEmpty ? nil : $0[attempt % $0.count] }
  }
}
