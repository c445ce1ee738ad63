public import Blueprint

/// What a detector has found in an event, before anybody knows whether it is news.
public struct Finding: Sendable {
  /// Who found it.
  public var detector: DetectorName
  /// What it is about: findings with one key are one alert.
  public var key: UInt64
  public var subject: AlertSubject
  /// What shows it, in figures.
  public var figures: [AlertFigure]
  /// What the operator's own rule says of it; nil for what detectors find.
  public var rule: (title: String, severity: AlertSeverity)?
}
