import COpenSSL

/// A context of OpenSSL that is set up for one key and one scheme, to be copied for each use.
@safe final class SignatureOperation: Sendable {
  private let template: SharedHandle

  /// Sets up for verifying with a public key, or for signing with a private one.
  @unsafe
  init(
    _ key: OpaquePointer, _ scheme: SignatureScheme, hash: HashFunction, signs: Bool
  ) throws(KeyError) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: the context counts a reference to the key; it is owned by this object, and changed
    // no more once it is set up.
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
      throw .unavailable
    }
    let begun = unsafe signs ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)
    guard begun == 1, unsafe SignatureOperation.set(context, scheme, hash) else {
      unsafe EVP_PKEY_CTX_free(context)
      throw .unavailable
    }
    unsafe template = SharedHandle(context)
  }

  deinit {
    // Safety: this object owns the context.
    unsafe EVP_PKEY_CTX_free(template.pointer)
  }

  /// Hands a copy of the context to `body`; nil if there is no memory for one.
  @unsafe
  func withContext<Result>(_ body: (OpaquePointer) -> Result?) -> Result? {
    // Safety: copying only reads the template; the copy is owned here.
    guard let context = unsafe EVP_PKEY_CTX_dup(template.pointer) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    return unsafe body(context)
  }

  @unsafe
  private static func set(
    _ context: OpaquePointer, _ scheme: SignatureScheme, _ hash: HashFunction
  ) -> Bool {
    // Safety: the caller's context is valid; the hash is a constant.
    guard unsafe EVP_PKEY_CTX_set_signature_md(context, hash.algorithm) == 1 else { return false }
    switch scheme {
    case .rsaPKCS1:
      return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
    case .rsaPSS:
      return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
        && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash.algorithm) == 1
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(hash.byteCount)) == 1
    case .ecdsa: return true
    case .eddsa: return false
    }
  }
}
