/// When an identity logged in, and how long that is known to last.
struct LoginSession: Sendable {
  /// The time of the login in the scan's milliseconds.
  var since: Int
  /// How long its token lasts; nil if it does not say.
  var lifetime: Int?
  /// When it was last asked whether it still holds.
  var asked: Int
}
