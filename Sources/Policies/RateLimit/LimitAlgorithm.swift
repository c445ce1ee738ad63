/// How a limit counts.
enum LimitAlgorithm: String, CaseIterable, Sendable {
  /// The generic cell rate algorithm: in any window, at most limit plus burst.
  case gcra
  /// A count that starts anew at each window's bound; twice the limit may pass around a bound.
  case fixedWindow = "fixed-window"
  /// The present window and the share of the one before that is still in sight.
  case slidingWindow = "sliding-window"
}
