public import Crypto
public import Formats

/// Why a JSON Web Key, or a set of them, is refused; the description is written for its owner.
public enum JWKError: Error, Hashable, Sendable {
  /// No JSON, or JSON that is no key.
  case json(JSONFault)
  /// A member is missing, or of a type or value that it cannot have.
  case member(String)
  /// A kind of key that is not known here.
  case unknownType
  /// The key itself is refused.
  case key(KeyError)
  /// A set without any key that can be used, or with more than are taken.
  case count(Int)
  /// Secrets and public keys in one set (a secret would have to be published).
  case mixed
  /// Two keys of one kind under one identifier.
  case duplicateIdentifier
}

extension JWKError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .json(let fault): "no JSON that is taken, from byte \(fault.offset) on"
    case .member(let name): "the member '\(name)' of a key is missing or not as it must be"
    case .unknownType: "a kind of key that is not known"
    case .key(let error): error.description
    case .count(0): "the set holds no key that can be used"
    case .count(let count):
      "the set holds \(count) keys; at most \(JSONWebKeySet.keysMax) are taken"
    case .mixed: "the set holds secrets and public keys side by side"
    case .duplicateIdentifier: "two keys of the set have the same identifier"
    }
  }
}
