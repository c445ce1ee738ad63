/// Why a key is refused; the description is written for whoever configured it.
public enum KeyError: Error, Hashable, Sendable {
  /// No PEM text, or none that holds a key.
  case notPEM
  /// The text or the numbers are no key: damaged, or of a kind that is not known here.
  case malformed
  /// The modulus has fewer or more bits than are taken.
  case modulusSize(bits: Int)
  /// The public exponent is even, below 3 or above 2³²: it signs nothing safely.
  case exponent
  /// The modulus bears the mark of a generator whose keys can be factored (CVE-2017-15361).
  case weakModulus
  /// The point is not on its curve, or the private part does not belong to the public one.
  case inconsistent
  /// A secret has fewer bytes than its algorithm asks for (RFC 7518 §3.2).
  case tooShort(bytes: Int, least: Int)
  /// The key is of another kind or curve than the algorithm.
  case mismatch
  /// The library could not do what it was asked.
  case unavailable
}

extension KeyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notPEM: "this is no PEM text with a public key in it"
    case .malformed: "the key is damaged, or of a kind that is not known"
    case .modulusSize(let bits): "an RSA key of \(bits) bits; from 2048 to 8192 are taken"
    case .exponent: "the public exponent of the RSA key is not safe"
    case .weakModulus: "the RSA key was made by a generator whose keys can be factored"
    case .inconsistent: "the parts of the key do not belong together"
    case .tooShort(let bytes, let least): "a secret of \(bytes) bytes; at least \(least) are needed"
    case .mismatch: "the key is of another kind or curve than the algorithm"
    case .unavailable: "the installed OpenSSL cannot use the key"
    }
  }
}
