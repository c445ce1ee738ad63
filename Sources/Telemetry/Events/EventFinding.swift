public import Base

/// Something that somebody has found in other events, such as an attack; it becomes an event too.
public struct EventFinding: Sendable {
  /// How severe, from 1, for information, to 5, critical (OCSF's `severity_id`).
  public var severity: UInt8
  /// The detector's name.
  public var detector: String
  /// What was found, in a few words that are the same each time.
  public var title: String
  /// What shows it, in words and figures.
  public var evidence: String
  /// Whom it is about, as far as that is known.
  public var client: IPAddress?
  public var consumer = ""
  public var route = ""
  public var service = ""
  /// The credential that it is about, as the events have it; 0 for none.
  public var credential: UInt64 = 0
  /// How many events it was found in.
  public var count = 0

  /// A finding of a detector.
  public init(severity: UInt8, detector: String, title: String, evidence: String) {
    self.severity = severity
    self.detector = detector
    self.title = title
    self.evidence = evidence
  }
}
