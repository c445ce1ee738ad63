public import Base

/// One field line of a message, as slices of the message's arena; the name is in lower case.
public struct FieldLine: Sendable {
  /// What stands before the colon, in lower case; empty if the line was removed.
  public var name: Slice
  /// What follows the colon, without the space around it.
  public var value: Slice
  /// The name as a number, where it is one of those that the gateway knows.
  public var id: FieldName

  public init(name: Slice, value: Slice, id: FieldName) {
    self.name = name
    self.value = value
    self.id = id
  }
}
