/// AES-256-GCM with a random nonce (NIST SP 800-38D §8.2.2): nonce, ciphertext and tag in a row.
///
/// A key may seal 2³² texts, far more than one store ever writes under it.
public enum SealedBytes {
  /// How much longer the sealed form is.
  public static let overhead = AESGCM.nonceBytes + AESGCM.tagBytes

  /// Seals `plaintext`; `associated` has to be the same when it is opened.
  public static func seal(
    _ plaintext: Span<UInt8>, key: SymmetricKey, associated: Span<UInt8>
  ) throws(CryptoError) -> [UInt8] {
    let nonce = try SecureRandom.bytes(AESGCM.nonceBytes)
    let sealed = key.withBytes { key -> (ciphertext: [UInt8], tag: [UInt8])? in
      try? AESGCM.seal(plaintext, key: key, nonce: nonce.span, associated: associated)
    }
    guard let sealed else { throw .unavailable("AES-256-GCM") }
    return nonce + sealed.ciphertext + sealed.tag
  }

  /// What was sealed; nil if anything is not what it was.
  public static func open(
    _ sealed: Span<UInt8>, key: SymmetricKey, associated: Span<UInt8>
  ) -> [UInt8]? {
    guard sealed.count >= overhead else { return nil }
    let end = sealed.count - AESGCM.tagBytes
    return key.withBytes { key in
      AESGCM.open(
        sealed.extracting(AESGCM.nonceBytes..<end), key: key,
        nonce: sealed.extracting(first: AESGCM.nonceBytes),
        tag: sealed.extracting(end..<sealed.count), associated: associated)
    }
  }
}
