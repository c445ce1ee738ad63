/// How a policy wants to see a response's content.
public enum ResponseHold: Sendable {
  /// Not at all.
  case none
  /// Whole; one that is longer than may be held passes unseen.
  case ifShort
  /// Whole; one that is longer than may be held is refused.
  case always
}
