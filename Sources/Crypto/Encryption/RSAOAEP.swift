import COpenSSL

/// Short messages, such as keys, encrypted to an RSA key with OAEP (RFC 8017 §7.1).
public enum RSAOAEP {
  /// The hash that OAEP is made with, MGF1 too (RFC 7518 §4.3, RFC 8017 §B.1).
  public enum Variant: Sendable { case sha1, sha256, sha384, sha512 }

  /// The message; nil if it was not encrypted to this key, for whatever reason.
  public static func open(_ ciphertext: Span<UInt8>, key: PrivateKey, _ variant: Variant)
    -> [UInt8]?
  {
    guard case .rsa(let bits) = key.kind, ciphertext.count == (bits + 7) / 8 else { return nil }
    // Safety: the key is valid; the call that decrypts only reads the span.
    return unsafe run(key.handle.pointer, variant, ciphertext, EVP_PKEY_decrypt_init) {
      unsafe EVP_PKEY_decrypt($0, $1, $2, $3, $4)
    }
  }

  /// Encrypts a message to a key; throws if it is too long for it.
  public static func seal(
    _ message: Span<UInt8>, key: PublicKey, _ variant: Variant
  ) throws(CryptoError) -> [UInt8] {
    // Safety: the key is valid; the call that encrypts only reads the span.
    let sealed = unsafe run(key.handle.pointer, variant, message, EVP_PKEY_encrypt_init) {
      unsafe EVP_PKEY_encrypt($0, $1, $2, $3, $4)
    }
    guard let sealed else { throw .unavailable("RSA-OAEP for such a message") }
    return sealed
  }

  @unsafe
  private static func run(
    _ key: OpaquePointer, _ variant: Variant, _ input: Span<UInt8>,
    _ begin: (OpaquePointer?) -> Int32,
    _ body: (
      OpaquePointer, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?,
      UnsafePointer<UInt8>?, Int
    ) -> Int32
  ) -> [UInt8]? {
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: the context counts a reference to the key, and is freed here; hashes are constants.
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    let hash: OpaquePointer? =
      switch variant {
      case .sha1: unsafe EVP_sha1()
      case .sha256: unsafe EVP_sha256()
      case .sha384: unsafe EVP_sha384()
      case .sha512: unsafe EVP_sha512()
      }
    let isReady =
      unsafe begin(context) == 1
      && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
      && EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) == 1
      && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1
    guard isReady else { return nil }
    var output = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(key)))
    var count = output.count
    // Safety: the target is as long as it is said to be, and the input valid for its count.
    let isDone = unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer {
        unsafe body(context, $0.baseAddress, &count, input.baseAddress, input.count) == 1
      }
    }
    return isDone ? Array(output.prefix(count)) : nil
  }
}
