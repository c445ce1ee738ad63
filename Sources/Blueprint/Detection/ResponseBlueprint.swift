/// What is done about alerts of some detectors.
public struct ResponseBlueprint: Hashable, Sendable {
  /// What can be done.
  public enum Action: String, CaseIterable, Sendable {
    /// The address, or the network, that the alert names is kept out for a while.
    case ban
  }

  /// The detectors that it is for.
  public var detectors: [DetectorName]
  /// The least severity that it is for.
  public var least: AlertSeverity
  public var action: Action
  /// For how long.
  public var milliseconds: Int

  public init(
    detectors: [DetectorName], least: AlertSeverity, action: Action, milliseconds: Int
  ) {
    self.detectors = detectors
    self.least = least
    self.action = action
    self.milliseconds = milliseconds
  }
}
