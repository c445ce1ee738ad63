public import Formats

/// What becomes of the events: where they are kept, and to whom they are sent.
public struct EventsBlueprint: Sendable {
  /// The store on disk that can be searched.
  public struct Store: Sendable {
    /// The folder; the path is as written.
    public var path: Text
    /// How large it may become.
    public var sizeBytes = 10 << 30
    /// How old events may become; nil for any age.
    public var ageMilliseconds: Int?
  }

  /// The name of this gateway among others; nil for that of the machine.
  public var node: String?
  /// Nil if they are not kept.
  public var store: Store?
  /// To whom they are sent; names are unique.
  public var outputs: [EventOutputBlueprint] = []

  /// Whether spans are sent anywhere, so that the gateway has some of its own.
  public var hasSpans: Bool {
    outputs.contains { output in
      if case .otlp(_, let otlp) = output.target { return otlp.hasTraces }
      return false
    }
  }

  /// Nothing becomes of them.
  public init() {}
}
