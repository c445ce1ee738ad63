import Blueprint

/// What health checks of one upstream came to lately.
struct HealthRecord {
  enum Change { case well, unwell }

  private(set) var isWell = true
  /// Answers in a row that speak against the present state.
  private var contrary = 0

  /// Takes an answer into account; what changes by it, if anything does.
  mutating func note(isGood: Bool, _ health: HealthBlueprint) -> Change? {
    if isGood == isWell {
      contrary = 0
      return nil
    }
    contrary += 1
    guard contrary >= (isWell ? health.unhealthyCount : health.healthyCount) else { return nil }
    contrary = 0
    isWell.toggle()
    return isWell ? .well : .unwell
  }
}
