import COpenSSL

/// Signs with one private key under one scheme; may be used by many threads at a time.
public final class SignatureMaker: Sendable {
  /// The scheme of every signature it makes.
  public let scheme: SignatureScheme
  private let key: PrivateKey
  private let kind: KeyKind
  private let operation: SignatureOperation?

  /// Throws if the key is of another kind or curve than the scheme.
  public init(_ key: PrivateKey, _ scheme: SignatureScheme) throws(KeyError) {
    // Safety: the key is valid, and kept by this object.
    guard let kind = unsafe KeyKind(key.handle.pointer) else { throw .malformed }
    guard scheme.fits(kind) else { throw .mismatch }
    if case .rsa(let bits) = kind, bits < PublicKey.modulusBitsMin {
      throw .modulusSize(bits: bits)
    }
    self.key = key
    self.scheme = scheme
    self.kind = kind
    if let hash = scheme.hash {
      operation = unsafe try SignatureOperation(
        key.handle.pointer, scheme, hash: hash, signs: true)
    } else {
      operation = nil
    }
  }

  /// The signature of `message`, in the form that `SignatureVerifier` takes.
  public func sign(_ message: Span<UInt8>) throws(CryptoError) -> [UInt8] {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let made = scheme.hash == nil ? signWhole(message) : signDigest(of: message) else {
      throw .unavailable("a signature")
    }
    guard case .elliptic(let curve) = kind else { return made }
    guard let raw = ECDSASignature.raw(der: made, curve) else {
      throw .unavailable("a signature")
    }
    return raw
  }

  private var bytesMax: Int {
    // Safety: the key is valid.
    Int(unsafe EVP_PKEY_get_size(key.handle.pointer))
  }

  private func signDigest(of message: Span<UInt8>) -> [UInt8]? {
    guard let hash = scheme.hash, let operation else { return nil }
    var signature = [UInt8](repeating: 0, count: bytesMax)
    // Safety: the digest is valid during the call, and the target as long as it is said to be.
    let count: Int? = unsafe hash.withDigest(of: message) { digest in
      unsafe signature.withUnsafeMutableBufferPointer { target in
        unsafe operation.withContext { context in
          var count = target.count
          let isDone = unsafe EVP_PKEY_sign(
            context, target.baseAddress, &count, digest.baseAddress, digest.count)
          return isDone == 1 ? count : nil
        }
      }
    }
    return count.map { Array(signature.prefix($0)) }
  }

  private func signWhole(_ message: Span<UInt8>) -> [UInt8]? {
    // Safety: the state is owned here; the message is valid for its count, and the target as long
    // as it is said to be.
    guard let state = unsafe EVP_MD_CTX_new() else { return nil }
    defer { unsafe EVP_MD_CTX_free(state) }
    guard unsafe EVP_DigestSignInit(state, nil, nil, nil, key.handle.pointer) == 1 else {
      return nil
    }
    var signature = [UInt8](repeating: 0, count: bytesMax)
    var count = signature.count
    let isDone = unsafe message.withUnsafeBufferPointer { message in
      unsafe signature.withUnsafeMutableBufferPointer { target in
        unsafe EVP_DigestSign(
          state, target.baseAddress, &count, message.baseAddress, message.count) == 1
      }
    }
    return isDone ? Array(signature.prefix(count)) : nil
  }
}
