/// How a policy wants to see a response's content.
public enum ResponseHold: UInt8, Comparable, Sendable {
  /// Not at all, and the policy has nothing to say.
  case none
  /// Not at all: the policy decides by the head alone.
  case head
  /// Whole; one that is longer than may be held passes unseen.
  case ifShort
  /// Whole; one that is longer than may be held is refused.
  case always

  public static func < (left: ResponseHold, right: ResponseHold) -> Bool {
    left.rawValue < right.rawValue
  }
}
