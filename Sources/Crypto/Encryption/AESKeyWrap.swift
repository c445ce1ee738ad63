import COpenSSL

/// Keys encrypted under another key (RFC 3394), each change of which is noticed.
public enum AESKeyWrap {
  private static let initialValue: [UInt8] = [UInt8](repeating: 0xA6, count: 8)

  /// Wraps a key of a multiple of 8 bytes, at least 16, under one of 16, 24 or 32 bytes.
  public static func wrap(_ key: Span<UInt8>, under: Span<UInt8>) throws(CryptoError) -> [UInt8] {
    guard key.count >= 16, key.count % 8 == 0, let wrapped = run(key, under, encrypts: true) else {
      throw .unavailable("AES key wrap of such a key")
    }
    return wrapped
  }

  /// The key that was wrapped; nil if it was not wrapped under this one.
  public static func unwrap(_ wrapped: Span<UInt8>, under: Span<UInt8>) -> [UInt8]? {
    guard wrapped.count >= 24, wrapped.count <= 1024, wrapped.count % 8 == 0 else { return nil }
    return run(wrapped, under, encrypts: false)
  }

  private static func run(
    _ bytes: Span<UInt8>, _ key: Span<UInt8>, encrypts: Bool
  ) -> [UInt8]? {
    // Safety: the cipher is a constant, and there is nothing left to finish.
    let cipher: OpaquePointer? =
      switch key.count {
      case 16: unsafe EVP_aes_128_wrap()
      case 24: unsafe EVP_aes_192_wrap()
      case 32: unsafe EVP_aes_256_wrap()
      default: nil
      }
    return unsafe CipherRun(
      cipher, key: key, nonce: initialValue.span, encrypts: encrypts
    )?.output(of: bytes, associated: [UInt8]().span)
  }
}
