import Telemetry

/// The condition of a Sigma rule over its selections.
indirect enum SigmaExpression: Sendable {
  /// A selection by its place among all of them.
  case selection(Int)
  case all([SigmaExpression])
  case any([SigmaExpression])
  case not(SigmaExpression)

  /// Whether it holds, if `selection` tells of each selection whether it does.
  func holds(_ selection: (Int) -> Bool) -> Bool {
    switch self {
    case .selection(let place): selection(place)
    case .all(let parts): parts.allSatisfy { $0.holds(selection) }
    case .any(let parts): parts.contains { $0.holds(selection) }
    case .not(let part): !part.holds(selection)
    }
  }
}
