/// Why a text is not taken for a pattern.
public struct PatternFault: Error, Hashable, Sendable {
  /// What can be wrong.
  public enum Kind: Hashable, Sendable {
    /// No regular expression (ECMA-262 §22.2.1 with the flag `u`).
    case syntax
    /// Sound, but of what cannot be decided in linear time: looking around, or referring back.
    case unsupported
    /// More states than are taken.
    case tooLarge
  }

  /// What is wrong.
  public let kind: Kind
  /// The place, counted in scalars from 0.
  public let offset: Int

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}

extension PatternFault: CustomStringConvertible {
  /// What is wrong, in a clause.
  public var description: String {
    switch kind {
    case .syntax: "no regular expression: character \(offset + 1) is not expected there"
    case .unsupported:
      "a regular expression that looks around or refers back, at character \(offset + 1)"
    case .tooLarge: "a regular expression of too many states"
    }
  }
}
