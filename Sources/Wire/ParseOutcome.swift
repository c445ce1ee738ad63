public import HTTP

/// What a parser made of the bytes that are there.
public enum ParseOutcome: Sendable {
  /// All that is there is fine so far, and more is needed.
  case incomplete
  /// The head is read; what follows it in the input is content or the next message.
  case complete
  /// The message is refused: what the peer is told, and the reason for the log. Nothing that
  /// follows on the connection may be used.
  case refused(Problem, StaticString)
}
