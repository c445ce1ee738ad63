/// How the length of a message's content is told (RFC 9112 §6.3).
public enum BodyFraming: Equatable, Sendable {
  /// There is no content.
  case none
  /// As many bytes as `Content-Length` says.
  case length(Int)
  /// `Transfer-Encoding: chunked`.
  case chunked
  /// All until the connection closes; responses only.
  case untilClose
}
