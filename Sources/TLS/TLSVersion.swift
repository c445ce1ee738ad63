/// A version of TLS that we speak.
public enum TLSVersion: UInt8, Hashable, Sendable {
  case v12
  case v13

  /// `TLSv1.2` or `TLSv1.3`, as logs have it.
  public var name: StaticString {
    switch self {
    case .v12: "TLSv1.2"
    case .v13: "TLSv1.3"
    }
  }
}
