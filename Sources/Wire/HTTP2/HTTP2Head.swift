public import HTTP

/// What the head of a stream's request came to.
public enum HTTP2Head {
  case complete
  /// The request gets an answer that says what is wrong.
  case refused(Problem, StaticString)
  /// The request breaks the protocol's rules: its stream is reset (RFC 9113 §8.1.1).
  case malformed(StaticString)
  /// The header block cannot be read, and with it none that follows: the connection ends.
  case failed(StaticString)
}
