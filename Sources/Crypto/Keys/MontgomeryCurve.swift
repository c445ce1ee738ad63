/// A curve of RFC 7748 or RFC 8032, whose keys are plain strings of bytes (RFC 8037).
public enum MontgomeryCurve: String, CaseIterable, Sendable {
  case ed25519 = "Ed25519"
  case ed448 = "Ed448"
  case x25519 = "X25519"
  case x448 = "X448"

  /// How many bytes a key has, public or private.
  public var keyBytes: Int {
    switch self {
    case .ed25519, .x25519: 32
    case .ed448: 57
    case .x448: 56
    }
  }
}
