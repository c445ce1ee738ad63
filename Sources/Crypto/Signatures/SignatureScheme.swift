/// A way to sign with a key pair: every parameter of it, so that a message can choose none.
public enum SignatureScheme: Hashable, Sendable {
  /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
  case rsaPKCS1(HashFunction)
  /// RSASSA-PSS with a salt as long as the hash, and MGF1 with the same hash (RFC 8017 §8.1).
  case rsaPSS(HashFunction)
  /// ECDSA with the two numbers at fixed width, one behind the other (RFC 7518 §3.4).
  case ecdsa(EllipticCurve, HashFunction)
  /// Ed25519 or Ed448 (RFC 8032).
  case eddsa

  /// Whether a key of that kind can be used.
  func fits(_ kind: KeyKind) -> Bool {
    switch (self, kind) {
    case (.rsaPKCS1, .rsa), (.rsaPSS, .rsa): true
    case (.ecdsa(let curve, _), .elliptic(let other)): curve == other
    case (.eddsa, .montgomery(.ed25519)), (.eddsa, .montgomery(.ed448)): true
    default: false
    }
  }

  /// What is hashed before the key is used; nil if the scheme does that itself.
  var hash: HashFunction? {
    switch self {
    case .rsaPKCS1(let hash), .rsaPSS(let hash), .ecdsa(_, let hash): hash
    case .eddsa: nil
    }
  }
}
