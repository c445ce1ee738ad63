import Base
import COpenSSL

/// AES in CBC mode with HMAC behind it (RFC 7518 §5.2): an older authenticated encryption that
/// JSON Web Encryption names.
public enum AESCBCHMAC {
  /// The length of an initialisation vector.
  public static let nonceBytes = 16

  /// The hash for a key of 32, 48 or 64 bytes, of which half is for HMAC and half for AES.
  private static func hash(_ keyBytes: Int) -> HashFunction? {
    switch keyBytes {
    case 32: .sha256
    case 48: .sha384
    case 64: .sha512
    default: nil
    }
  }

  /// Encrypts `plaintext`; `associated` is authenticated too.
  public static func seal(
    _ plaintext: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, associated: Span<UInt8>
  ) throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8]) {
    guard let hash = hash(key.count) else { throw .unavailable("AES-CBC with such a key") }
    let half = key.count / 2
    guard
      let ciphertext = run(
        plaintext, key: key.extracting(half..<key.count), nonce: nonce, encrypts: true)
    else { throw .unavailable("AES-CBC") }
    let tag = tag(
      ciphertext.span, key: key.extracting(0..<half), nonce: nonce, associated: associated, hash)
    return (ciphertext, tag)
  }

  /// What was sealed. The tag is compared before anything is decrypted, so that nothing can be
  /// learned from padding.
  public static func open(
    _ ciphertext: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, tag: Span<UInt8>,
    associated: Span<UInt8>
  ) -> [UInt8]? {
    guard let hash = hash(key.count), nonce.count == nonceBytes, !ciphertext.isEmpty else {
      return nil
    }
    let half = key.count / 2
    let wanted = self.tag(
      ciphertext, key: key.extracting(0..<half), nonce: nonce, associated: associated, hash)
    guard ConstantTime.equals(wanted.span, tag) else { return nil }
    return run(
      ciphertext, key: key.extracting(half..<key.count), nonce: nonce, encrypts: false)
  }

  private static func tag(
    _ ciphertext: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, associated: Span<UInt8>,
    _ hash: HashFunction
  ) -> [UInt8] {
    var input: [UInt8] = []
    input.reserveCapacity(associated.count + nonce.count + ciphertext.count + 8)
    for index in associated.indices { input.append(associated[index]) }
    for index in nonce.indices { input.append(nonce[index]) }
    for index in ciphertext.indices { input.append(ciphertext[index]) }
    let bits = UInt64(associated.count) * 8
    for place in 0..<8 { input.append(UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * place))) }
    return Array(HMAC.code(input.span, key: key, hash).prefix(key.count))
  }

  private static func run(
    _ bytes: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
  ) -> [UInt8]? {
    // Safety: the cipher is a constant, and there is nothing left to finish.
    let cipher: OpaquePointer? =
      switch key.count {
      case 16: unsafe EVP_aes_128_cbc()
      case 24: unsafe EVP_aes_192_cbc()
      case 32: unsafe EVP_aes_256_cbc()
      default: nil
      }
    return unsafe CipherRun(
      cipher, key: key, nonce: nonce, encrypts: encrypts, pads: true
    )?.output(of: bytes, associated: [UInt8]().span)
  }
}
