public import Crypto
import Formats

/// Verifies proofs that the sender of a token has the key it is bound to (DPoP, RFC 9449 §4).
public struct ProofReader: Sendable {
  /// What is left to do with a proof that is right.
  public struct Finding: Sendable {
    /// Names the proof: whoever has seen it before refuses it now.
    public let identifier: Digest256
    /// The key, for the next proof.
    public let key: ProofKey
  }

  /// How long ago a proof may have been made, in seconds.
  public static let ageSecondsMax: UInt64 = 60
  /// Longest proof, in bytes.
  public static let bytesMax = 4096

  private let leewaySeconds: UInt64

  /// A reader that lets clocks differ by so much.
  public init(leewaySeconds: Int) { self.leewaySeconds = UInt64(clamping: leewaySeconds) }

  /// How long a proof can be taken after it was first seen, in seconds: so long it is remembered.
  public var lifetimeSeconds: UInt64 { ProofReader.ageSecondsMax + 2 * leewaySeconds }

  /// Verifies a proof for a request, by the key whose thumbprint the token holds. `known` is a key
  /// that was found right with the same thumbprint before. Throws why it is refused.
  public func verify(
    _ proof: Span<UInt8>, for request: ProofRequest, thumbprint: Digest256, known: ProofKey?,
    nowUnixMilliseconds: UInt64
  ) throws(TokenRefusal) -> Finding {
    guard proof.count <= ProofReader.bytesMax, let token = CompactToken(proof, parts: 3),
      let header = Base64.decode(proof.extracting(token.parts[0])).flatMap(ProofReader.json),
      let signature = Base64.decode(proof.extracting(token.parts[2]))
    else { throw .proof }
    let key = try key(header.root, thumbprint, known)
    let message = proof.extracting(0..<token.parts[1].upperBound)
    guard key.verifier.verify(signature.span, of: message),
      let payload = Base64.decode(proof.extracting(token.parts[1])).flatMap(ProofReader.json)
    else { throw .proof }
    let identifier = try check(payload.root, request, nowUnixMilliseconds)
    let named = thumbprint.bytes + identifier
    return Finding(identifier: SHA256Hasher().hash(named.span), key: key)
  }

  /// Verifies a proof of whatever key, for a request with which no token is shown, such as one for
  /// a token (RFC 9449 §5); gives the thumbprint of its key. Throws why it is refused.
  public func inspect(
    _ proof: Span<UInt8>, method: [UInt8], origin: String, path: [UInt8],
    nowUnixMilliseconds: UInt64
  ) throws(TokenRefusal) -> Digest256 {
    guard proof.count <= ProofReader.bytesMax, let token = CompactToken(proof, parts: 3),
      let header = Base64.decode(proof.extracting(token.parts[0])).flatMap(ProofReader.json),
      let signature = Base64.decode(proof.extracting(token.parts[2])), header.root.kind == .object,
      let thumbprint = header.root["jwk"].flatMap({ JSONWebKey.thumbprint($0) })
    else { throw .proof }
    let key = try key(header.root, thumbprint, nil)
    let message = proof.extracting(0..<token.parts[1].upperBound)
    guard key.verifier.verify(signature.span, of: message),
      let payload = Base64.decode(proof.extracting(token.parts[1])).flatMap(ProofReader.json)
    else { throw .proof }
    let request = ProofRequest(
      method: method, origin: origin, path: path, tokenDigest: thumbprint)
    _ = try checkRequest(payload.root, request, nowUnixMilliseconds)
    return thumbprint
  }

  /// The key of the header, whose thumbprint must be the token's.
  private func key(
    _ header: JSONElement, _ thumbprint: Digest256, _ known: ProofKey?
  ) throws(TokenRefusal) -> ProofKey {
    guard header.kind == .object, header["crit"] == nil, header["b64"] == nil,
      TokenTypeRule.exactly("dpop+jwt").allows(header["typ"]?.string),
      let name = header["alg"]?.string, let algorithm = SignatureAlgorithm(rawValue: name),
      !algorithm.isSymmetric, let object = header["jwk"]
    else { throw .proof }
    guard let own = JSONWebKey.thumbprint(object), own == thumbprint else { throw .binding }
    if let known, known.algorithm == algorithm { return known }
    guard object["d"] == nil, object["k"] == nil, let key = try? JSONWebKey(object).publicKey,
      let made = try? ProofKey(key, algorithm)
    else { throw .proof }
    return made
  }

  /// Checks the claims; gives the bytes of `jti`.
  private func check(
    _ claims: JSONElement, _ request: ProofRequest, _ now: UInt64
  ) throws(TokenRefusal) -> [UInt8] {
    guard claims.kind == .object, let hash = claims["ath"]?.textBytes,
      let digest = Base64.decode(hash.span).flatMap({ bytes in Digest256(bytes: bytes.span) }),
      digest == request.tokenDigest
    else { throw .proof }
    return try checkRequest(claims, request, now)
  }

  /// The same without the token's hash.
  private func checkRequest(
    _ claims: JSONElement, _ request: ProofRequest, _ now: UInt64
  ) throws(TokenRefusal) -> [UInt8] {
    guard claims.kind == .object, let identifier = claims["jti"]?.textBytes,
      !identifier.isEmpty, identifier.count <= 512,
      claims["htm"]?.isText(request.method.span) == true,
      let url = claims["htu"]?.string, request.isAt(url)
    else { throw .proof }
    guard let issued = claims["iat"]?.number else { throw .proof }
    let seconds = Double(now) / 1000
    guard issued <= seconds + Double(leewaySeconds),
      issued >= seconds - Double(ProofReader.ageSecondsMax + leewaySeconds)
    else { throw .proofTime }
    return identifier
  }

  private static func json(_ bytes: [UInt8]) -> JSONIndex? {
    var limits = JSONIndex.Limits()
    limits.bytesMax = bytesMax
    limits.valuesMax = 128
    limits.depthMax = 4
    return try? JSONIndex(bytes, limits: limits)
  }
}
