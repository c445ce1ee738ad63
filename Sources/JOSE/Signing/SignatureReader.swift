import Formats

/// Verifies messages in the forms of RFC 7515, with keys and algorithms that were chosen before.
public struct SignatureReader: Sendable {
  /// The keys, each with the algorithms it may be used with.
  public let keys: VerificationKeys
  /// Longest message, in bytes.
  public let bytesMax: Int

  /// A reader of messages of at most `bytesMax` bytes.
  public init(keys: VerificationKeys, bytesMax: Int = 16 * 1024) {
    self.keys = keys
    self.bytesMax = bytesMax
  }

  /// Verifies a message in compact form, which is what tokens have.
  public func verify(compact token: Span<UInt8>) throws(TokenRefusal) -> SignedMessage {
    guard token.count <= bytesMax else { throw .tooLarge }
    guard let compact = CompactToken(token, parts: 3) else { throw .form }
    let parts = compact.parts
    let header = try header(token.extracting(parts[0]))
    let algorithm = try allowed(header.algorithm)
    guard !parts[2].isEmpty, let signature = Base64.decode(token.extracting(parts[2])) else {
      throw .form
    }
    try keys.verify(
      signature.span, of: token.extracting(0..<parts[1].upperBound), algorithm,
      identifier: header.identifier)
    guard let payload = Base64.decode(token.extracting(parts[1])) else { throw .form }
    return SignedMessage(
      payload: payload, algorithm: algorithm, type: header.type, contentType: header.contentType)
  }

  /// Verifies one signature over a payload that is sent beside it (RFC 7515 appendix F).
  ///
  /// The token is compact, with nothing between its dots.
  public func verify(
    detached token: Span<UInt8>, payload: [UInt8]
  ) throws(TokenRefusal) -> SignedMessage {
    guard let compact = CompactToken(token, parts: 3), compact.parts[1].isEmpty else {
      throw .form
    }
    var whole: [UInt8] = []
    for at in 0..<compact.parts[1].lowerBound { whole.append(token[at]) }
    whole += Array(Base64.encode(payload.span).utf8)
    for at in compact.parts[1].upperBound..<token.count { whole.append(token[at]) }
    return try verify(compact: whole.span)
  }

  func header(_ encoded: Span<UInt8>) throws(TokenRefusal) -> TokenHeader {
    guard let json = Base64.decode(encoded) else { throw .form }
    return try TokenHeader(json)
  }

  func allowed(_ name: String) throws(TokenRefusal) -> SignatureAlgorithm {
    guard let algorithm = SignatureAlgorithm(rawValue: name) else { throw .algorithm }
    return algorithm
  }
}
