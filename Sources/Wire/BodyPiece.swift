public import HTTP

/// What stands next in a body.
public enum BodyPiece: Sendable {
  /// So many bytes of content lie at the front of the input.
  case content(Int)
  /// Nothing more can be told before more bytes arrive.
  case needMore
  /// The body is over; what follows is the next message.
  case end
  /// The body is refused: what the peer is told, and the reason for the log.
  case refused(Problem, StaticString)
}
