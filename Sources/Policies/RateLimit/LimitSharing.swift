/// How a limit that several gateways share is counted.
enum LimitSharing: String, CaseIterable, Sendable {
  /// Each request by the store, before it goes on.
  case strict
  /// By requests that the store has let this gateway have beforehand.
  case leased
}
