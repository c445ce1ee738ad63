/// What is true of an event or not.
public struct EventFlags: OptionSet, Hashable, Sendable {
  /// A bit for each.
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The client came by TLS.
  public static let isSecure = EventFlags(rawValue: 1)
  /// The trace is one of those that are kept whatever comes of them.
  public static let isSampled = EventFlags(rawValue: 2)
  /// The connection to the upstream was one that had been kept.
  public static let isReused = EventFlags(rawValue: 4)
  /// The exchange became a WebSocket.
  public static let isTunnel = EventFlags(rawValue: 8)
  /// The trace was begun by somebody before us, whose span is the parent of ours.
  public static let hasParent = EventFlags(rawValue: 16)
  /// The caller stands for all who were not identified.
  public static let isAnonymous = EventFlags(rawValue: 32)
}
