/// Why events cannot be kept, read or sent, in words for the operator.
public struct EventsError: Error, CustomStringConvertible, Sendable {
  public let description: String

  /// An error in these words.
  public init(_ description: String) { self.description = description }
}
