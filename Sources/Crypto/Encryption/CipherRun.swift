import COpenSSL

/// One use of a cipher of OpenSSL: its state, freed and wiped with it.
@safe final class CipherRun {
  private let context: OpaquePointer

  /// Nil if key or nonce is not of the cipher's length, or if the library fails.
  @unsafe
  init?(
    _ cipher: OpaquePointer?, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool,
    pads: Bool = false
  ) {
    ERR_clear_error()
    // Safety: owned by this object from here on.
    guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
    unsafe self.context = context
    guard let cipher = unsafe cipher,
      unsafe Int(EVP_CIPHER_get_key_length(cipher)) == key.count,
      unsafe Int(EVP_CIPHER_get_iv_length(cipher)) == nonce.count
    else { return nil }
    unsafe EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
    let isReady = unsafe key.withUnsafeBufferPointer { key in
      unsafe nonce.withUnsafeBufferPointer { nonce in
        unsafe EVP_CipherInit_ex(
          context, cipher, nil, key.baseAddress, nonce.baseAddress, encrypts ? 1 : 0) == 1
      }
    }
    guard isReady, unsafe EVP_CIPHER_CTX_set_padding(context, pads ? 1 : 0) == 1 else {
      return nil
    }
  }

  deinit {
    // Safety: this object owns the state.
    unsafe EVP_CIPHER_CTX_free(context)
    ERR_clear_error()
  }

  /// What the cipher makes of `bytes`; nil if it fails or `finish` does.
  @unsafe
  func output(
    of bytes: Span<UInt8>, associated: Span<UInt8>, finish: (OpaquePointer) -> Bool = { _ in true }
  ) -> [UInt8]? {
    // Safety: as the caller's word for `finish`.
    guard unsafe authenticate(associated), let output = unsafe run(bytes), unsafe finish(context)
    else { return nil }
    return output
  }

  /// What the cipher makes of `bytes` if `tag` belongs to them; nothing of it otherwise.
  @unsafe
  func input(
    _ bytes: Span<UInt8>, tag: Span<UInt8>, associated: Span<UInt8>
  ) -> [UInt8]? {
    // Safety: the tag is copied during the call, whose parameter lacks the `const`.
    let isSet = unsafe tag.withUnsafeBytes {
      unsafe EVP_CIPHER_CTX_ctrl(
        context, EVP_CTRL_AEAD_SET_TAG, Int32($0.count),
        UnsafeMutableRawPointer(mutating: $0.baseAddress)) == 1
    }
    guard isSet, unsafe authenticate(associated) else { return nil }
    return unsafe run(bytes)
  }

  @unsafe
  private func authenticate(_ associated: Span<UInt8>) -> Bool {
    if associated.isEmpty { return true }
    var count: Int32 = 0
    // Safety: the span is valid for its count; there is no output.
    return unsafe associated.withUnsafeBufferPointer {
      unsafe EVP_CipherUpdate(
        context, nil, &count, $0.baseAddress, Int32(clamping: $0.count)) == 1
    }
  }

  @unsafe
  private func run(_ bytes: Span<UInt8>) -> [UInt8]? {
    guard bytes.count <= 1 << 30 else { return nil }
    var isDone = false
    let output = unsafe [UInt8](unsafeUninitializedCapacity: bytes.count + 32) { target, filled in
      guard let base = target.baseAddress else { return }
      var first: Int32 = 0
      var last: Int32 = 0
      // Safety: the target has room for one block more than the input, beyond which no cipher
      // writes.
      isDone = unsafe bytes.withUnsafeBufferPointer {
        // An empty input is left out: to some ciphers it would mean the end.
        guard
          unsafe $0.isEmpty
            || EVP_CipherUpdate(context, base, &first, $0.baseAddress, Int32($0.count)) == 1
        else { return false }
        return unsafe EVP_CipherFinal_ex(context, base + Int(first), &last) == 1
      }
      filled = isDone ? Int(first) + Int(last) : 0
    }
    return isDone ? output : nil
  }
}
