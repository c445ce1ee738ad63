public import Base

/// A request without its content, in the one canonical form that everything reads.
///
/// Router, policies, log and upstream see this object alone; the bytes that came over the wire
/// are gone. What goes upstream is generated from it (RFC 9112 §3, RFC 9110 §7).
public struct RequestHead: Sendable {
  /// The method, by its number.
  public var method = Method.get
  /// The method's token.
  public var methodText = Slice.empty
  /// The scheme that the client named, which is not always the one that it speaks.
  public var scheme = Scheme.unnamed
  /// The host, in lower case, without port; empty when an HTTP/1.0 request named none.
  public var host = Slice.empty
  /// The port that the client named, or 0.
  public var port: UInt16 = 0
  /// The path: dot segments resolved, percent-encoding normalised, starting with `/`;
  /// or `*` for `OPTIONS *`.
  public var path = Slice.empty
  /// What stands behind `?`, without it.
  public var query = Slice.empty
  /// Whether there was a `?`, even with nothing behind it.
  public var hasQuery = false
  /// What about the path two parsers could read differently.
  public var pathTraits = PathTraits()
  public var framing = BodyFraming.none
  /// Whether the client awaits `100 (Continue)` before it sends content (RFC 9110 §10.1.1).
  public var expectsContinue = false
  /// Whether the client takes trailer fields (RFC 9110 §10.1.4).
  public var acceptsTrailers = false
  /// Whether the client asks for a WebSocket in place of an answer (RFC 6455 §4.1).
  public var isWebSocket = false
  public var fields = Fields()

  public init() {}

  /// Makes the object ready for the next request and keeps its storage.
  public mutating func clear() {
    method = .get
    methodText = .empty
    scheme = .unnamed
    host = .empty
    port = 0
    path = .empty
    query = .empty
    hasQuery = false
    pathTraits = PathTraits()
    framing = .none
    expectsContinue = false
    acceptsTrailers = false
    isWebSocket = false
    fields.clear()
  }

  /// Whether there is content to read behind the head.
  public var hasBody: Bool { framing != .none && framing != .length(0) }
}
