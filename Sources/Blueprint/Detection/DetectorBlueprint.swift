/// How one detector judges.
public struct DetectorBlueprint: Hashable, Sendable {
  /// Whether it looks at all.
  public var isOn = true
  /// How severe its alerts are.
  public var severity: AlertSeverity
  /// How many within a window are too many; of what, depends on the detector.
  public var threshold: Int
  /// The length of the window.
  public var windowMilliseconds: Int
  /// How many times the usual is too much, for detectors that know what is usual.
  public var factor: Double

  /// What a detector does unless it is told otherwise.
  public init(_ name: DetectorName) {
    func values(_ threshold: Int, _ minutes: Double, _ factor: Double, _ severity: AlertSeverity) {
      self.threshold = threshold
      windowMilliseconds = Int(minutes * 60_000)
      self.factor = factor
      self.severity = severity
    }
    (severity, threshold, windowMilliseconds, factor) = (.medium, 0, 0, 0)
    switch name {
    case .credentialStuffing: values(12, 10, 0, .high)
    case .passwordSpraying: values(20, 10, 4, .high)
    case .passwordGuessing: values(10, 10, 0, .medium)
    case .keyGuessing: values(12, 10, 0, .high)
    case .objectEnumeration: values(15, 10, 3, .high)
    case .functionProbing: values(6, 10, 0, .high)
    case .scanner: values(15, 10, 0, .medium)
    case .scraping: values(200, 10, 4, .high)
    case .rateEvasion: values(6, 5, 2, .medium)
    case .tokenReplay: values(3, 5, 0, .high)
    case .impossibleTravel: values(900, 60, 0, .high)
    case .errorSpike: values(10, 1, 3, .high)
    case .latencySpike: values(50, 1, 3, .medium)
    case .newEndpoint: values(3, 60, 0, .low)
    case .shadowEndpoint: values(3, 60, 0, .medium)
    case .responseChange: values(32, 60, 2.5, .medium)
    case .honey: values(1, 60, 0, .critical)
    case .rule: values(1, 60, 0, .medium)
    }
  }
}
