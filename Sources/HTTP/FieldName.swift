import Base

/// A field name that the gateway itself knows, so that it is compared by number.
///
/// `other` stands for every name that is not in the list.
public enum FieldName: UInt8, CaseIterable, Sendable {
  case other
  case host
  case connection
  case contentLength
  case transferEncoding
  case expect
  case upgrade
  case te
  case trailer
  case keepAlive
  case proxyConnection
  case proxyAuthenticate
  case proxyAuthorization
  case authorization
  case cookie
  case forwarded
  case xForwardedFor
  case xForwardedProto
  case xForwardedHost
  case xForwardedPort
  case xRealIP
  case xAPIKey
  case userAgent
  case contentType
  case contentEncoding
  case accept
  case acceptEncoding
  case origin
  case referer
  case accessControlRequestMethod
  case accessControlRequestHeaders
  case traceparent
  case tracestate
  case xRequestID
  case via
  case date
  case server
  case setCookie
  case vary
  case location
  case etag
  case cacheControl
  case xConsumerID
  case xConsumerName
  case http2Settings
  case contentRange
  case baggage

  /// The name that `name`, given in lower case, is known by.
  public init(_ name: Span<UInt8>) {
    self = FieldName.known(name)
  }

  private static func known(_ name: Span<UInt8>) -> FieldName {
    switch name.count {
    case 2:
      if ASCII.equals(name, "te") { return .te }
    case 3:
      if ASCII.equals(name, "via") { return .via }
    case 4:
      if ASCII.equals(name, "host") { return .host }
      if ASCII.equals(name, "date") { return .date }
      if ASCII.equals(name, "vary") { return .vary }
      if ASCII.equals(name, "etag") { return .etag }
    case 6:
      if ASCII.equals(name, "expect") { return .expect }
      if ASCII.equals(name, "cookie") { return .cookie }
      if ASCII.equals(name, "accept") { return .accept }
      if ASCII.equals(name, "origin") { return .origin }
      if ASCII.equals(name, "server") { return .server }
    case 7:
      if ASCII.equals(name, "upgrade") { return .upgrade }
      if ASCII.equals(name, "trailer") { return .trailer }
      if ASCII.equals(name, "referer") { return .referer }
      if ASCII.equals(name, "baggage") { return .baggage }
    case 8:
      if ASCII.equals(name, "location") { return .location }
    case 9:
      if ASCII.equals(name, "forwarded") { return .forwarded }
      if ASCII.equals(name, "x-real-ip") { return .xRealIP }
      if ASCII.equals(name, "x-api-key") { return .xAPIKey }
    case 10:
      if ASCII.equals(name, "connection") { return .connection }
      if ASCII.equals(name, "keep-alive") { return .keepAlive }
      if ASCII.equals(name, "user-agent") { return .userAgent }
      if ASCII.equals(name, "tracestate") { return .tracestate }
      if ASCII.equals(name, "set-cookie") { return .setCookie }
    case 11:
      if ASCII.equals(name, "traceparent") { return .traceparent }
    case 12:
      if ASCII.equals(name, "content-type") { return .contentType }
      if ASCII.equals(name, "x-request-id") { return .xRequestID }
    case 13:
      if ASCII.equals(name, "authorization") { return .authorization }
      if ASCII.equals(name, "cache-control") { return .cacheControl }
      if ASCII.equals(name, "x-consumer-id") { return .xConsumerID }
      if ASCII.equals(name, "content-range") { return .contentRange }
    case 14:
      if ASCII.equals(name, "content-length") { return .contentLength }
      if ASCII.equals(name, "http2-settings") { return .http2Settings }
    case 15:
      if ASCII.equals(name, "x-forwarded-for") { return .xForwardedFor }
      if ASCII.equals(name, "accept-encoding") { return .acceptEncoding }
      if ASCII.equals(name, "x-consumer-name") { return .xConsumerName }
    default: return knownLong(name)
    }
    return .other
  }

  /// Names of 16 bytes and more.
  private static func knownLong(_ name: Span<UInt8>) -> FieldName {
    switch name.count {
    case 16:
      if ASCII.equals(name, "proxy-connection") { return .proxyConnection }
      if ASCII.equals(name, "x-forwarded-host") { return .xForwardedHost }
      if ASCII.equals(name, "x-forwarded-port") { return .xForwardedPort }
      if ASCII.equals(name, "content-encoding") { return .contentEncoding }
    case 17:
      if ASCII.equals(name, "transfer-encoding") { return .transferEncoding }
      if ASCII.equals(name, "x-forwarded-proto") { return .xForwardedProto }
    case 18:
      if ASCII.equals(name, "proxy-authenticate") { return .proxyAuthenticate }
    case 19:
      if ASCII.equals(name, "proxy-authorization") { return .proxyAuthorization }
    case 29:
      if ASCII.equals(name, "access-control-request-method") { return .accessControlRequestMethod }
    case 30:
      if ASCII.equals(name, "access-control-request-headers") {
        return .accessControlRequestHeaders
      }
    default: break
    }
    return .other
  }

  /// The name in lower case; empty for `other`.
  public var text: StaticString {
    switch self {
    case .other: ""
    case .host: "host"
    case .connection: "connection"
    case .contentLength: "content-length"
    case .transferEncoding: "transfer-encoding"
    case .expect: "expect"
    case .upgrade: "upgrade"
    case .te: "te"
    case .trailer: "trailer"
    case .keepAlive: "keep-alive"
    case .proxyConnection: "proxy-connection"
    case .proxyAuthenticate: "proxy-authenticate"
    case .proxyAuthorization: "proxy-authorization"
    case .authorization: "authorization"
    case .cookie: "cookie"
    case .forwarded: "forwarded"
    case .xForwardedFor: "x-forwarded-for"
    case .xForwardedProto: "x-forwarded-proto"
    case .xForwardedHost: "x-forwarded-host"
    case .xForwardedPort: "x-forwarded-port"
    case .xRealIP: "x-real-ip"
    case .xAPIKey: "x-api-key"
    case .userAgent: "user-agent"
    case .contentType: "content-type"
    case .contentEncoding: "content-encoding"
    case .accept: "accept"
    case .acceptEncoding: "accept-encoding"
    case .origin: "origin"
    case .referer: "referer"
    case .accessControlRequestMethod: "access-control-request-method"
    case .accessControlRequestHeaders: "access-control-request-headers"
    case .traceparent: "traceparent"
    case .tracestate: "tracestate"
    case .xRequestID: "x-request-id"
    case .via: "via"
    case .date: "date"
    case .server: "server"
    case .setCookie: "set-cookie"
    case .vary: "vary"
    case .location: "location"
    case .etag: "etag"
    case .cacheControl: "cache-control"
    case .xConsumerID: "x-consumer-id"
    case .xConsumerName: "x-consumer-name"
    case .http2Settings: "http2-settings"
    case .contentRange: "content-range"
    case .baggage: "baggage"
    }
  }

  /// Whether the field is about one connection only and must not be passed on (RFC 9110 §7.6.1).
  public var isHopByHop: Bool {
    switch self {
    case .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te,
      .trailer, .transferEncoding, .upgrade, .http2Settings:
      true
    default: false
    }
  }

  /// Whether `Connection` may not name the field as one to drop, since a decision of the gateway
  /// or of the upstream hangs on it.
  public var isProtectedFromConnection: Bool { self != .other && !isHopByHop }
}
