/// What is put into one place of a request to find out whether it becomes something else there.
protocol Probe: Sendable {
  /// The class that it may report.
  static var kind: FindingKind { get }
  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async
}

/// The probes for each sort of operation; what only reads can be asked several at once.
enum ProbeCatalogue {
  static let texts: [any Probe] = [
    ForgeryProbe(), TemplateProbe(), FileProbe(), CommandProbe(), DelayProbe(), SearchProbe(),
    OperatorProbe(), MarkupProbe(), FieldProbe(),
  ]
  static let quick: [any Probe] = [
    ForgeryProbe(), TemplateProbe(), FileProbe(), CommandProbe(), SearchProbe(),
  ]
  /// What changes something is not asked for conditions that are always true.
  static let changing: [any Probe] = [
    ForgeryProbe(), TemplateProbe(), FileProbe(), CommandProbe(), DelayProbe(), QuoteProbe(),
    EntityProbe(),
  ]
  static let quickChanging: [any Probe] = [ForgeryProbe(), TemplateProbe(), CommandProbe()]
  /// What makes things that stay is asked least.
  static let making: [any Probe] = [QuoteProbe(), ForgeryProbe()]
  static let path: [any Probe] = [
    IdentifierProbe(), PathCommandProbe(), PathFileProbe(), EchoProbe(),
  ]
}
