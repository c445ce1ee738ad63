import Crypto
import Formats
import JOSE
import Synchronization

/// The key that a token is bound to (RFC 7800 §3): the sender shows with each request that it has
/// it, by the certificate of the connection (RFC 8705 §3) or by a proof (RFC 9449 §6).
final class TokenBinding: Sendable {
  /// The SHA-256 of the certificate.
  let certificate: Digest256?
  /// The SHA-256 thumbprint of the key that signs proofs.
  let thumbprint: Digest256?
  /// The key, once a proof was right.
  private let key = Mutex<ProofKey?>(nil)

  /// What a token's claims ask for; nil if they ask for nothing. Throws for what is not known: a
  /// token that is bound in another way is not one that works by itself.
  init?(_ claims: JSONElement) throws(TokenRefusal) {
    guard let confirmation = claims["cnf"] else { return nil }
    var certificate: Digest256?
    var thumbprint: Digest256?
    for (name, value) in confirmation.members {
      guard let text = value.textBytes, let bytes = Base64.decode(text.span),
        let digest = Digest256(bytes: bytes.span)
      else { throw .binding }
      switch name {
      case "x5t#S256": certificate = digest
      case "jkt": thumbprint = digest
      default: throw .binding
      }
    }
    guard certificate != nil || thumbprint != nil else { throw .binding }
    self.certificate = certificate
    self.thumbprint = thumbprint
  }

  /// The key of earlier proofs.
  var knownKey: ProofKey? { key.withLock { $0 } }

  /// Keeps the key of a proof that was right.
  func keep(_ known: ProofKey) { key.withLock { $0 = known } }
}
