/// What an event tells of.
public enum EventKind: UInt8, CaseIterable, Sendable {
  /// A request and its response.
  case exchange = 1
  /// A client that was turned away before it could ask.
  case turnedAway = 2
  /// Something that somebody has found in other events, such as an attack.
  case finding = 3

  /// What searches and outputs call it.
  public var name: StaticString {
    switch self {
    case .exchange: "exchange"
    case .turnedAway: "turned-away"
    case .finding: "finding"
    }
  }
}
