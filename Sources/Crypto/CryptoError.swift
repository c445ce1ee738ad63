/// Why the cryptographic library could not do what was asked of it.
public enum CryptoError: Error, Hashable, Sendable {
  /// The library lacks the named algorithm or could not set it up.
  case unavailable(String)
  /// The random number generator failed; whatever needed randomness must not go on.
  case noRandomness
  /// A key of no bytes was given.
  case emptyKey
}

extension CryptoError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(let name): "the installed OpenSSL cannot do \(name)"
    case .noRandomness: "the random number generator of OpenSSL failed"
    case .emptyKey: "a key must have at least one byte"
    }
  }
}
