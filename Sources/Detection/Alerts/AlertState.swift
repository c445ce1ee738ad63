/// How far an alert is.
public enum AlertState: String, CaseIterable, Sendable {
  /// It was opened just now.
  case open
  /// It was told before, and goes on.
  case ongoing
  /// Nothing more was seen for a while.
  case closed
}
