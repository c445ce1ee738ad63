import Blueprint

/// Takes what detectors find in one event, and lets through what is news.
struct Findings {
  /// The alerts that there are.
  let book: AlertBook
  let settings: DetectionBlueprint
  /// Whether it is still learnt what is usual.
  var isLearning = true
  /// What is news in this event.
  var news: [Finding] = []
  /// What was found again, and may be a sample.
  var again: (detector: DetectorName, key: UInt64)?

  init(_ book: AlertBook, _ settings: DetectionBlueprint) {
    self.book = book
    self.settings = settings
  }

  /// Whether there is an open alert.
  func isOpen(_ detector: DetectorName, _ key: UInt64) -> Bool { book.isOpen(detector, key) }

  /// The threshold of a detector: half of it while there is an alert, so that one that wavers about
  /// the threshold is one alert and not many.
  func limit(_ detector: DetectorName, _ key: UInt64, _ threshold: Double) -> Double {
    book.isOpen(detector, key) ? threshold / 2 : threshold
  }

  /// A detector has found something; `figures` is asked for if it is news.
  mutating func raise(
    _ detector: DetectorName, _ key: UInt64, _ subject: AlertSubject, at now: UInt64,
    _ figures: @autoclosure () -> [AlertFigure],
    rule: (title: String, severity: AlertSeverity)? = nil
  ) {
    guard book.touch(detector, key, at: now) else {
      again = (detector, key)
      return
    }
    news.append(
      Finding(
        detector: detector, key: key, subject: subject, figures: figures(), rule: rule))
  }
}
