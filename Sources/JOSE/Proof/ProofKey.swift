import Crypto

/// A key that somebody has proved to have, kept so that its next proof costs no check of the key.
public final class ProofKey: Sendable {
  let algorithm: SignatureAlgorithm
  let verifier: SignatureVerifier

  init(_ key: PublicKey, _ algorithm: SignatureAlgorithm) throws(KeyError) {
    guard let scheme = algorithm.scheme else { throw .mismatch }
    self.algorithm = algorithm
    verifier = try SignatureVerifier(key, scheme)
  }
}
