public import Base
public import Blueprint

/// Something that somebody should look at: all findings of one detector about one subject, from
/// the first to the last.
public struct Alert: Sendable {
  /// What it is called: 16 hexadecimal digits.
  public var id: String
  /// Who found it.
  public var detector: DetectorName
  public var severity: AlertSeverity
  /// What was found, in a few words that are the same each time.
  public var title: String
  public var state = AlertState.open
  /// Whom or what it is about, and the name of that.
  public var subject: AlertSubject
  public var name: String
  /// What the first event of it tells; empty where that is not known.
  public var client: IPAddress?
  public var consumer = ""
  public var service = ""
  public var route = ""
  /// The mark of the credential, as the events have it; 0 for none.
  public var credential: UInt64 = 0
  /// When it was seen first and last, in milliseconds since 1970.
  public var firstMilliseconds: UInt64
  public var lastMilliseconds: UInt64
  /// In how many events it was found.
  public var count = 1
  /// How many of them were not told, since somebody knew already.
  public var suppressed = 0
  /// What shows it, in figures, as they were when it was told last.
  public var figures: [AlertFigure]
  /// Some of the requests, without secrets.
  public var samples: [String] = []
  /// What was done about it, and how that is undone.
  public var responses: [String] = []

  /// Requests that are kept, and how long each may be.
  static let samplesMax = 5
  static let sampleBytesMax = 200
}
