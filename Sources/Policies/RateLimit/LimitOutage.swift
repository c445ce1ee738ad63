/// What becomes of requests while a shared count cannot be asked for.
enum LimitOutage: String, CaseIterable, Sendable {
  /// They pass.
  case open
  /// They are refused.
  case closed
  /// This gateway counts its share by itself.
  case local
}
