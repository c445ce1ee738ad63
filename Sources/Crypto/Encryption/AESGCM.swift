import COpenSSL

/// AES in Galois/Counter mode (NIST SP 800-38D), with nonces of 96 bits and tags of 128, never
/// shorter.
public enum AESGCM {
  /// The length of a nonce, which no key may see twice.
  public static let nonceBytes = 12
  /// The length of a tag.
  public static let tagBytes = 16

  /// Encrypts `plaintext` under a key of 16, 24 or 32 bytes; `associated` is authenticated too.
  public static func seal(
    _ plaintext: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, associated: Span<UInt8>
  ) throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8]) {
    // Safety: ciphers of the library live as long as the process.
    guard nonce.count == nonceBytes, let cipher = unsafe cipher(key.count) else {
      throw .unavailable("AES-GCM with such a key or nonce")
    }
    var tag = [UInt8](repeating: 0, count: tagBytes)
    // Safety: the cipher is a constant; the tag has as many bytes as are written.
    let ciphertext = unsafe CipherRun(
      cipher, key: key, nonce: nonce, encrypts: true
    )?.output(of: plaintext, associated: associated) { context in
      unsafe tag.withUnsafeMutableBytes {
        unsafe EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_GET_TAG, Int32($0.count), $0.baseAddress) == 1
      }
    }
    guard let ciphertext else { throw .unavailable("AES-GCM") }
    return (ciphertext, tag)
  }

  /// What was sealed; nil if key, nonce, tag, ciphertext or associated data is not what it was.
  public static func open(
    _ ciphertext: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, tag: Span<UInt8>,
    associated: Span<UInt8>
  ) -> [UInt8]? {
    // Safety: ciphers of the library live as long as the process.
    guard nonce.count == nonceBytes, tag.count == tagBytes, let cipher = unsafe cipher(key.count)
    else { return nil }
    // Safety: the cipher is a constant; the tag is copied during the call that sets it.
    guard let run = unsafe CipherRun(cipher, key: key, nonce: nonce, encrypts: false) else {
      return nil
    }
    return unsafe run.input(ciphertext, tag: tag, associated: associated)
  }

  @unsafe
  private static func cipher(_ keyBytes: Int) -> OpaquePointer? {
    switch keyBytes {
    // Safety: constants of the library.
    case 16: unsafe EVP_aes_128_gcm()
    case 24: unsafe EVP_aes_192_gcm()
    case 32: unsafe EVP_aes_256_gcm()
    default: nil
    }
  }
}
