public import Base

/// One field line of a message, as slices of the message's arena; the name is in lower case.
public struct FieldLine: Sendable {
  public var name: Slice
  public var value: Slice
  public var id: FieldName

  public init(name: Slice, value: Slice, id: FieldName) {
    self.name = name
    self.value = value
    self.id = id
  }
}
