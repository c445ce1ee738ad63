/// Places in a JSON text: a JSON Pointer (RFC 6901) in which `*` stands for any name or element.
public struct PlacePattern: Sendable {
  /// The names on the way; nil for any.
  let tokens: [[UInt8]?]

  /// Reads `/items/*/note`; nil if it is none.
  public init?(_ text: String) {
    guard let pointer = JSONPointer(text), !pointer.tokens.isEmpty else { return nil }
    tokens = pointer.tokens.map { $0 == "*" ? nil : Array($0.utf8) }
  }

  /// Whether it goes on with a name at a level.
  func goesOn(_ level: Int, _ name: [UInt8]) -> Bool {
    guard level < tokens.count else { return false }
    guard let token = tokens[level] else { return true }
    return token == name
  }
}
