import COpenSSL

/// A secret that two key pairs share (ECDH, X25519, X448).
public enum KeyAgreement {
  /// The shared secret; nil if the keys are of different curves, or if it would be all zero, as a
  /// peer's point of low order makes it (RFC 7748 §6).
  public static func secret(_ own: PrivateKey, _ peer: PublicKey) -> [UInt8]? {
    guard own.kind == peer.kind else { return nil }
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: the context counts references to the keys, and is freed here.
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, own.handle.pointer, nil) else {
      return nil
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var count = 0
    let isReady =
      unsafe EVP_PKEY_derive_init(context) == 1
      && EVP_PKEY_derive_set_peer_ex(context, peer.handle.pointer, 1) == 1
      && EVP_PKEY_derive(context, nil, &count) == 1
    guard isReady, count > 0, count <= 128 else { return nil }
    var secret = [UInt8](repeating: 0, count: count)
    // Safety: the target is as long as it is said to be.
    let isDone = unsafe secret.withUnsafeMutableBufferPointer {
      unsafe EVP_PKEY_derive(context, $0.baseAddress, &count) == 1
    }
    let bits = secret.reduce(0, |)
    return isDone && bits != 0 ? Array(secret.prefix(count)) : nil
  }
}
