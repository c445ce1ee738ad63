import Crypto

/// The keys that signatures may be made with, each tied to the algorithms it may be used with.
///
/// Which algorithms those are comes from the configuration and from the keys, never from a token:
/// a token's `alg` only chooses among pairs that exist already (RFC 8725 §3.1).
public struct VerificationKeys: Sendable {
  /// What checks a signature.
  private enum Check: Sendable {
    case signature(SignatureVerifier)
    case code(MessageAuthenticator)
  }

  private struct Entry: Sendable {
    let identifier: [UInt8]?
    let algorithm: SignatureAlgorithm
    let check: Check
  }

  /// Most keys without identifier that are tried on one token.
  private static let attemptsMax = 4

  private let entries: [Entry]

  /// Pairs each key with those of `algorithms` that it fits and that it does not exclude itself.
  ///
  /// Keys that fit none are left out; if all are, `isEmpty` says so.
  public init(_ keys: [JSONWebKey], algorithms: Set<SignatureAlgorithm>) {
    var entries: [Entry] = []
    for key in keys where key.allows("verify", .sig) {
      for algorithm in SignatureAlgorithm.allCases where algorithms.contains(algorithm) {
        if let named = key.algorithm, named != algorithm.rawValue { continue }
        guard let check = VerificationKeys.check(key, algorithm) else { continue }
        entries.append(
          Entry(
            identifier: key.identifier.map { Array($0.utf8) }, algorithm: algorithm, check: check))
      }
    }
    self.entries = entries
  }

  /// Whether no key can verify anything.
  public var isEmpty: Bool { entries.isEmpty }

  /// The algorithms that some key can be used with.
  public var algorithms: Set<SignatureAlgorithm> { Set(entries.map(\.algorithm)) }

  private static func check(_ key: JSONWebKey, _ algorithm: SignatureAlgorithm) -> Check? {
    switch key.material {
    case .secret(let secret):
      guard algorithm.isSymmetric, let hash = algorithm.hash else { return nil }
      return (try? MessageAuthenticator(secret, hash)).map { .code($0) }
    case .publicKey(let known), .keyPair(_, let known):
      guard let scheme = algorithm.scheme else { return nil }
      return (try? SignatureVerifier(known, scheme)).map { .signature($0) }
    }
  }

  /// Verifies a signature over `message` under `algorithm`.
  ///
  /// With an identifier only keys of that name are asked, and keys that have no name; without one,
  /// the first few of the algorithm. Throws why not.
  func verify(
    _ signature: Span<UInt8>, of message: Span<UInt8>, _ algorithm: SignatureAlgorithm,
    identifier: [UInt8]?
  ) throws(TokenRefusal) {
    var attempts = 0
    for index in entries.indices where entries[index].algorithm == algorithm {
      if let identifier, let own = entries[index].identifier, own != identifier { continue }
      guard attempts < VerificationKeys.attemptsMax else { break }
      attempts += 1
      let isRight =
        switch entries[index].check {
        case .signature(let verifier): verifier.verify(signature, of: message)
        case .code(let authenticator): authenticator.verify(signature, of: message)
        }
      if isRight { return }
    }
    throw attempts == 0 ? .unknownKey : .signature
  }
}
