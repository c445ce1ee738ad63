/// Whose doing it was that an exchange did not go well.
public enum Fault: UInt8, Sendable {
  case none, client, gateway, upstream

  /// The word in the log.
  public var name: StaticString {
    switch self {
    case .none: ""
    case .client: "client"
    case .gateway: "gateway"
    case .upstream: "upstream"
    }
  }
}
