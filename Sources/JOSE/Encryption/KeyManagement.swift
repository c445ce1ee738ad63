import Crypto

/// How the key of an encrypted message is agreed on or sent (RFC 7518 §4.1). RSA1_5 is not among
/// them: a decrypter of it can be asked until it has told the key.
public enum KeyManagement: String, CaseIterable, Sendable {
  case rsaOAEP = "RSA-OAEP"
  case rsaOAEP256 = "RSA-OAEP-256"
  case a128kw = "A128KW"
  case a192kw = "A192KW"
  case a256kw = "A256KW"
  case a128gcmkw = "A128GCMKW"
  case a192gcmkw = "A192GCMKW"
  case a256gcmkw = "A256GCMKW"
  case direct = "dir"
  case agreement = "ECDH-ES"
  case agreementA128KW = "ECDH-ES+A128KW"
  case agreementA192KW = "ECDH-ES+A192KW"
  case agreementA256KW = "ECDH-ES+A256KW"
  case passwordA128KW = "PBES2-HS256+A128KW"
  case passwordA192KW = "PBES2-HS384+A192KW"
  case passwordA256KW = "PBES2-HS512+A256KW"

  /// How many bytes the key has that the message's key is wrapped under; nil if there is none.
  var wrappingBytes: Int? {
    switch self {
    case .a128kw, .a128gcmkw, .agreementA128KW, .passwordA128KW: 16
    case .a192kw, .a192gcmkw, .agreementA192KW, .passwordA192KW: 24
    case .a256kw, .a256gcmkw, .agreementA256KW, .passwordA256KW: 32
    case .rsaOAEP, .rsaOAEP256, .direct, .agreement: nil
    }
  }

  /// The hash of a password's derivation; nil if no password is used.
  var passwordHash: HashFunction? {
    switch self {
    case .passwordA128KW: .sha256
    case .passwordA192KW: .sha384
    case .passwordA256KW: .sha512
    default: nil
    }
  }

  /// Whether the message says what it was encrypted with in `encrypted_key`.
  var sendsKey: Bool { self != .direct && self != .agreement }
}
