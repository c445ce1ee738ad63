public import Formats

/// Why the description of an API is not taken.
public struct APIFault: Error, Hashable, Sendable {
  /// What is wrong, in a clause.
  public let reason: String
  /// The place within the description.
  public let pointer: JSONPointer
  /// The place in the file, as far as it is known.
  public let position: Position

  /// Longest reason, in characters: it may hold names out of the description.
  private static let reasonMax = 240

  init(_ reason: String, at pointer: JSONPointer = JSONPointer(), position: Position = .start) {
    self.reason = String(reason.prefix(APIFault.reasonMax))
    self.pointer = pointer
    self.position = position
  }
}

extension APIFault: CustomStringConvertible {
  /// Place and reason, on one line.
  public var description: String {
    let way =
      pointer.tokens.isEmpty ? "" : " at \(pointer.description.prefix(APIFault.reasonMax))"
    return "\(position.line):\(position.column): \(reason)\(way)"
  }
}
