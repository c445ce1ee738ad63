/// The texts of an event, in the order in which they stand in it.
///
/// Texts are what others chose, save that secrets are masked: whoever writes them somewhere has to
/// escape them as that place demands.
public enum EventText: UInt8, CaseIterable, Sendable {
  // The first ones are few in kind, whatever the traffic, and are stored together.
  case method, host
  /// The names of route and service, and the path of the route as the configuration has it.
  case route, service, template
  /// The authority of the upstream that was tried last.
  case upstream
  /// The policy that refused; empty if none did. The detector of a finding.
  case policy
  /// What exactly was wrong.
  case reason
  case tlsVersion, cipher
  /// The media types of both contents.
  case requestType, responseType
  /// How the client's TLS looks.
  case fingerprint
  case consumer, userAgent, path, query, referer, requestID
  /// What exactly was wrong, in words that may hold names of the client's.
  case detail

  /// Whether it is one of those that are few in kind.
  public var isGrouped: Bool { Int(rawValue) < EventText.groupCount }

  /// How many of the first ones are few in kind.
  public static let groupCount = 13

  /// The longest that is kept; what is longer is cut.
  public var bytesMax: Int {
    switch self {
    case .path, .query: 1024
    case .detail, .referer, .userAgent, .host, .route, .service, .template, .consumer, .upstream:
      256
    case .requestID, .reason: 128
    case .requestType, .responseType: 96
    case .policy, .cipher, .fingerprint: 64
    case .method: 32
    case .tlsVersion: 16
    }
  }

  /// What searches and outputs call it.
  public var name: StaticString {
    switch self {
    case .method: "method"
    case .host: "host"
    case .path: "path"
    case .query: "query"
    case .route: "route"
    case .service: "service"
    case .template: "template"
    case .consumer: "consumer"
    case .upstream: "upstream"
    case .userAgent: "user_agent"
    case .referer: "referer"
    case .requestID: "request_id"
    case .policy: "policy"
    case .reason: "reason"
    case .detail: "detail"
    case .tlsVersion: "tls"
    case .cipher: "cipher"
    case .requestType: "request_type"
    case .responseType: "response_type"
    case .fingerprint: "fingerprint"
    }
  }
}
