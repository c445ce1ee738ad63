/// What became of the credentials that one source has shown within a window.
struct FailureSource: Sendable {
  /// Different ones that were wrong, and different callers that were right.
  var wrong = RecentDistinct()
  var right = RecentDistinct()
  /// All attempts that were wrong.
  var attempts = RecentCount()
  /// When the first of them was, in milliseconds since 1970.
  var since: UInt64 = 0
  /// Attempts of which nobody knows the name, and other requests.
  var unnamed = RecentCount()
  var others = RecentCount()
}
