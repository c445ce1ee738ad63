import Base

/// A request method (RFC 9110 §9); case-sensitive.
///
/// The registered methods that APIs use have a number each; every other token is `other`, which
/// only a route that lists it by name lets through.
public enum Method: UInt8, CaseIterable, Sendable {
  case get, head, post, put, delete, options, patch, trace, connect, other

  /// The method that `token` names.
  public init(_ token: Span<UInt8>) {
    switch token.count {
    case 3:
      self = ASCII.equals(token, "GET") ? .get : ASCII.equals(token, "PUT") ? .put : .other
    case 4:
      self = ASCII.equals(token, "POST") ? .post : ASCII.equals(token, "HEAD") ? .head : .other
    case 5:
      self = ASCII.equals(token, "PATCH") ? .patch : ASCII.equals(token, "TRACE") ? .trace : .other
    case 6:
      self = ASCII.equals(token, "DELETE") ? .delete : .other
    case 7:
      self =
        ASCII.equals(token, "OPTIONS")
        ? .options : ASCII.equals(token, "CONNECT") ? .connect : .other
    default:
      self = .other
    }
  }

  /// The method's name; empty for `other`.
  public var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .patch: "PATCH"
    case .trace: "TRACE"
    case .connect: "CONNECT"
    case .other: ""
    }
  }

  /// Whether sending it twice has the effect of sending it once (RFC 9110 §9.2.2).
  public var isIdempotent: Bool {
    switch self {
    case .get, .head, .put, .delete, .options, .trace: true
    case .post, .patch, .connect, .other: false
    }
  }
}
