/// What an output is called, what it gets, and how much waits for it.
public struct EventOutputSettings: Sendable {
  /// What messages and metrics call it.
  public var name: String
  public var selection = EventSelection.all
  /// Where what waits is kept on disk; nil if only memory is used.
  public var queueFolder: String?
  /// How much that may be.
  public var queueBytes = 256 << 20

  /// An output of that name.
  public init(name: String) { self.name = name }
}
