import Crypto

/// How requests are signed, by the names that RFC 9421 §6.2.2 registers.
enum MessageAlgorithm: String, CaseIterable, Sendable {
  case ed25519
  case ecdsaP256 = "ecdsa-p256-sha256"
  case ecdsaP384 = "ecdsa-p384-sha384"
  case rsaPSS = "rsa-pss-sha512"
  case rsaPKCS1 = "rsa-v1_5-sha256"
  case hmacSHA256 = "hmac-sha256"
  /// The last two are for the policy `hmac` alone.
  case hmacSHA384 = "hmac-sha384"
  case hmacSHA512 = "hmac-sha512"

  /// How a key pair signs; nil for a secret.
  var scheme: SignatureScheme? {
    switch self {
    case .ed25519: .eddsa
    case .ecdsaP256: .ecdsa(.p256, .sha256)
    case .ecdsaP384: .ecdsa(.p384, .sha384)
    case .rsaPSS: .rsaPSS(.sha512)
    case .rsaPKCS1: .rsaPKCS1(.sha256)
    case .hmacSHA256, .hmacSHA384, .hmacSHA512: nil
    }
  }

  /// What a secret is used with; nil for key pairs.
  var hash: HashFunction? {
    switch self {
    case .hmacSHA256: .sha256
    case .hmacSHA384: .sha384
    case .hmacSHA512: .sha512
    default: nil
    }
  }

  /// Whether a key of that kind can sign so.
  func fits(_ kind: KeyKind) -> Bool {
    switch (self, kind) {
    case (.ed25519, .montgomery(.ed25519)), (.ecdsaP256, .elliptic(.p256)),
      (.ecdsaP384, .elliptic(.p384)), (.rsaPSS, .rsa), (.rsaPKCS1, .rsa):
      true
    default: false
    }
  }

  /// Whether a request means this one by `name`; `hs2019` says no more than that the key decides.
  func isCalled(_ name: String) -> Bool { name.lowercased() == rawValue || name == "hs2019" }
}
