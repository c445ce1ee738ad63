import Crypto

/// How the content of an encrypted message is encrypted (RFC 7518 §5.1).
public enum ContentEncryption: String, CaseIterable, Sendable {
  case a128cbcHS256 = "A128CBC-HS256"
  case a192cbcHS384 = "A192CBC-HS384"
  case a256cbcHS512 = "A256CBC-HS512"
  case a128gcm = "A128GCM"
  case a192gcm = "A192GCM"
  case a256gcm = "A256GCM"

  /// How long its key is, in bytes.
  var keyBytes: Int {
    switch self {
    case .a128gcm: 16
    case .a192gcm: 24
    case .a128cbcHS256, .a256gcm: 32
    case .a192cbcHS384: 48
    case .a256cbcHS512: 64
    }
  }

  /// The plaintext; nil if anything of the message is not what it was.
  func open(
    _ ciphertext: [UInt8], key: [UInt8], nonce: [UInt8], tag: [UInt8], associated: [UInt8]
  ) -> [UInt8]? {
    guard key.count == keyBytes else { return nil }
    switch self {
    case .a128gcm, .a192gcm, .a256gcm:
      return AESGCM.open(
        ciphertext.span, key: key.span, nonce: nonce.span, tag: tag.span,
        associated: associated.span)
    case .a128cbcHS256, .a192cbcHS384, .a256cbcHS512:
      return AESCBCHMAC.open(
        ciphertext.span, key: key.span, nonce: nonce.span, tag: tag.span,
        associated: associated.span)
    }
  }
}
