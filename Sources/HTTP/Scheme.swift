/// The scheme that a request's target names (RFC 9110 §4.2).
public enum Scheme: Sendable {
  /// None: the target is a path alone.
  case unnamed
  case http
  case https
}
