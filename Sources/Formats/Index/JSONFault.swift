/// Why a text is not taken for JSON: what is wrong, and at which byte.
public struct JSONFault: Error, Hashable, Sendable {
  /// What can be wrong.
  public enum Kind: Hashable, Sendable {
    /// No JSON text (RFC 8259), or not all of it is one.
    case syntax
    /// Not UTF-8, or an escape that stands for half a character.
    case encoding
    /// Two members of one object have the same name.
    case duplicateName
    /// More bytes, values or levels than are taken.
    case tooLarge
  }

  /// What is wrong.
  public let kind: Kind
  /// The place, counted in bytes from 0.
  public let offset: Int
}
