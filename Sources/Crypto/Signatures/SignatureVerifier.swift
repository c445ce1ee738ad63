import COpenSSL

/// Verifies signatures of one key under one scheme; may be used by many threads at a time.
public final class SignatureVerifier: Sendable {
  /// The scheme that every signature has to be of.
  public let scheme: SignatureScheme
  private let key: PublicKey
  /// Nil for EdDSA, which takes the message whole.
  private let operation: SignatureOperation?

  /// Throws if the key is of another kind or curve than the scheme.
  public init(_ key: PublicKey, _ scheme: SignatureScheme) throws(KeyError) {
    guard scheme.fits(key.kind) else { throw .mismatch }
    self.key = key
    self.scheme = scheme
    if let hash = scheme.hash {
      // Safety: the key is valid, and kept by this object.
      operation = unsafe try SignatureOperation(
        key.handle.pointer, scheme, hash: hash, signs: false)
    } else {
      operation = nil
    }
  }

  /// Whether `signature` was made over `message` with the private part of the key.
  ///
  /// A signature has one form alone: RSA's the length of the modulus, ECDSA's two numbers of the
  /// curve's width, neither zero.
  public func verify(_ signature: Span<UInt8>, of message: Span<UInt8>) -> Bool {
    ERR_clear_error()
    defer { ERR_clear_error() }
    switch key.kind {
    case .rsa(let bits):
      guard signature.count == (bits + 7) / 8 else { return false }
      return verifyDigest(of: message, signature)
    case .elliptic(let curve):
      guard let encoded = ECDSASignature(raw: signature, curve) else { return false }
      return encoded.withBytes { verifyDigest(of: message, $0) }
    case .montgomery:
      return verifyWhole(message, signature)
    }
  }

  private func verifyDigest(of message: Span<UInt8>, _ signature: Span<UInt8>) -> Bool {
    guard let hash = scheme.hash, let operation else { return false }
    // Safety: digest and signature are valid for their counts during the call.
    let verdict = unsafe hash.withDigest(of: message) { digest in
      unsafe signature.withUnsafeBufferPointer { signature in
        unsafe operation.withContext { context in
          unsafe EVP_PKEY_verify(
            context, signature.baseAddress, signature.count, digest.baseAddress, digest.count)
        }
      }
    }
    return verdict == 1
  }

  private func verifyWhole(_ message: Span<UInt8>, _ signature: Span<UInt8>) -> Bool {
    // Safety: the state is owned here; both spans are valid for their counts during the call.
    guard let state = unsafe EVP_MD_CTX_new() else { return false }
    defer { unsafe EVP_MD_CTX_free(state) }
    guard unsafe EVP_DigestVerifyInit(state, nil, nil, nil, key.handle.pointer) == 1 else {
      return false
    }
    return unsafe message.withUnsafeBufferPointer { message in
      unsafe signature.withUnsafeBufferPointer { signature in
        unsafe EVP_DigestVerify(
          state, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
      }
    }
  }
}
