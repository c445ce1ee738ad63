/// The version of HTTP that a request came by.
public enum ProtocolVersion: UInt8, Sendable {
  case http10, http11, http2

  /// What log lines call it.
  public var text: StaticString {
    switch self {
    case .http10: "HTTP/1.0"
    case .http11: "HTTP/1.1"
    case .http2: "HTTP/2.0"
    }
  }
}
