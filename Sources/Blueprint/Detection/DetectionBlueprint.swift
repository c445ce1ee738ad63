public import Formats

/// What is looked for in what the gateway sees, and what becomes of what is found.
public struct DetectionBlueprint: Sendable {
  /// How each detector judges.
  public var detectors: [DetectorName: DetectorBlueprint] = [:]
  /// For how long it is learnt what is usual before anything is called unusual.
  public var learningMilliseconds = 3_600_000
  /// What nobody has a reason to touch.
  public var honey = HoneyBlueprint()
  /// Where alerts go.
  public var alerts = AlertsBlueprint()
  /// What is done about alerts; nothing unless it was chosen.
  public var responses: [ResponseBlueprint] = []
  /// Networks whose countries and places are known: a file in MaxMind's format.
  public var places: Text?
  /// Files with Sigma rules.
  public var rules: [Text] = []

  /// The defaults.
  public init() {}

  /// How a detector judges.
  public subscript(_ name: DetectorName) -> DetectorBlueprint {
    detectors[name] ?? DetectorBlueprint(name)
  }
}
