import COpenSSL
import Crypto

/// The steps that server and client contexts have in common.
enum ContextSetup {
  /// Makes a context that speaks TLS 1.2 and 1.3 with the ciphers of `TLSProfile`.
  @unsafe
  static func make(_ method: OpaquePointer?, isModern: Bool) throws(TLSSettingsError)
    -> SharedHandle
  {
    ERR_clear_error()
    // Safety: the context is handed to the caller, or freed here if a step fails.
    guard let context = unsafe SSL_CTX_new(method) else { throw .library("a context") }
    let lowest = isModern ? TLS1_3_VERSION : TLS1_2_VERSION
    let isDone =
      unsafe shim_SSL_CTX_set_min_proto_version(context, lowest) == 1
      && shim_SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1
      && SSL_CTX_set_cipher_list(context, TLSProfile.cipherList) == 1
      && SSL_CTX_set_ciphersuites(context, TLSProfile.cipherSuites) == 1
      && (shim_SSL_CTX_set1_groups_list(context, TLSProfile.groupsWithHybrid) == 1
        || shim_SSL_CTX_set1_groups_list(context, TLSProfile.groups) == 1)
    ERR_clear_error()
    guard isDone else {
      // Safety: made above and stored nowhere.
      unsafe SSL_CTX_free(context)
      throw .library("the list of ciphers and curves")
    }
    // Safety: the context is valid. Level 2 is 112 bits: RSA of 2048 bits, SHA-256 and the like.
    unsafe SSL_CTX_set_security_level(context, 2)
    unsafe SSL_CTX_set_options(
      context, shim_SSL_OP_NO_COMPRESSION() | shim_SSL_OP_NO_RENEGOTIATION())
    // All ciphers are good, so the order is about cost: AES-128 where both have it in hardware, and
    // ChaCha20 with clients that put it first, since they have not.
    unsafe SSL_CTX_set_options(
      context, shim_SSL_OP_CIPHER_SERVER_PREFERENCE() | shim_SSL_OP_PRIORITIZE_CHACHA())
    unsafe shim_SSL_CTX_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
    unsafe SSL_CTX_set_max_early_data(context, 0)
    unsafe SSL_CTX_set_recv_max_early_data(context, 0)
    unsafe SSL_CTX_set_verify_depth(context, 8)
    return unsafe SharedHandle(context)
  }

  /// Has `context` prove itself with `key`.
  static func use(_ key: CertifiedKey, in context: SharedHandle) throws(TLSSettingsError) {
    // Safety: all are valid; OpenSSL counts a reference to each.
    let isDone =
      unsafe SSL_CTX_use_certificate(
        context.pointer, key.certificate.handle.pointer) == 1
      && SSL_CTX_use_PrivateKey(context.pointer, key.privateKey.handle.pointer) == 1
      && key.intermediates.allSatisfy {
        unsafe shim_SSL_CTX_add1_chain_cert(context.pointer, $0.handle.pointer) == 1
      }
    ERR_clear_error()
    guard isDone else { throw .unusableCertificate(key.certificate.label) }
  }

  /// The list of protocols as it goes over the wire (RFC 7301 §3.1).
  static func encode(_ protocols: [String]) throws(TLSSettingsError) -> [UInt8] {
    var wire: [UInt8] = []
    for name in protocols {
      let bytes = Array(name.utf8)
      guard bytes.count >= 1, bytes.count <= 255 else { throw .invalidApplicationProtocol(name) }
      wire.append(UInt8(bytes.count))
      wire += bytes
    }
    guard !wire.isEmpty, wire.count <= 1_024 else { throw .invalidApplicationProtocol("") }
    return wire
  }
}
