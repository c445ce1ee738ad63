/// Why a client was turned away before it could speak.
public enum RefusedConnection: UInt8, CaseIterable, Sendable {
  /// The bound of all connections is reached and none is idle.
  case limit
  /// The client's address has as many as one may have.
  case addressLimit
  /// The system has no descriptor or memory to give.
  case system
  /// The process may have too few descriptors for the bound of all connections.
  case descriptors
  /// The client's address begins handshakes faster than one may.
  case handshakeRate
  /// A balancer's header was to say whose the connection is, and none did, or none that is trusted.
  case proxyHeader

  /// The value of the label.
  var label: StaticString {
    switch self {
    case .limit: "limit"
    case .addressLimit: "address-limit"
    case .system: "system"
    case .descriptors: "descriptors"
    case .handshakeRate: "handshake-rate"
    case .proxyHeader: "proxy-header"
    }
  }

  /// What the log says.
  public var reason: StaticString {
    switch self {
    case .limit: "too many connections"
    case .addressLimit: "too many connections of one address"
    case .system: "the system is out of descriptors or memory"
    case .descriptors: "too many connections for the limit of open files"
    case .handshakeRate: "too many handshakes of one address"
    case .proxyHeader: "no PROXY header of a trusted hop"
    }
  }
}
