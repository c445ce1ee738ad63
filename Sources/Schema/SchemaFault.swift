public import Formats

/// Why a schema is not taken.
public struct SchemaFault: Error, Hashable, Sendable {
  /// The place in the schema's document.
  public let pointer: JSONPointer
  /// What is wrong, in a clause.
  public let reason: String

  init(_ reason: String, at pointer: JSONPointer) {
    self.reason = reason
    self.pointer = pointer
  }
}
