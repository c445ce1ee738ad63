import COpenSSL
import Crypto

/// What all TLS connections to an upstream have in common; never changes, shared by all loops.
public final class TLSClientContext: Sendable {
  let handle: SharedHandle
  let transport: RecordTransport
  let isInsecure: Bool
  /// The most bytes that the upstream may send before the handshake is done.
  let handshakeBytesMax: Int

  /// Checks `settings` and makes a context of them.
  public init(_ settings: TLSClientSettings) throws(TLSSettingsError) {
    let protocols = try ContextSetup.encode(settings.applicationProtocols)
    transport = try RecordTransport()
    handshakeBytesMax = 65_536 + settings.certificateBytesMax
    // Safety: the method is a constant of the library; the context is owned by this object.
    handle = try unsafe ContextSetup.make(TLS_client_method(), isModern: false)
    if case .insecure = settings.verification { isInsecure = true } else { isInsecure = false }
    if let probe = settings.probe {
      // Safety: as below.
      unsafe SSL_CTX_set_security_level(handle.pointer, 0)
      guard unsafe shim_SSL_CTX_set_min_proto_version(handle.pointer, probe.version.rawValue) == 1,
        unsafe shim_SSL_CTX_set_max_proto_version(handle.pointer, probe.version.rawValue) == 1,
        unsafe SSL_CTX_set_cipher_list(handle.pointer, probe.ciphers) == 1
      else { throw .library("what is offered to a server on trial") }
    }
    // Safety: the context is valid, and nobody else has it yet; OpenSSL copies the list.
    unsafe shim_SSL_CTX_set_max_cert_list(handle.pointer, max(1, settings.certificateBytesMax))
    unsafe shim_SSL_CTX_set_session_cache_mode(handle.pointer, Int(SSL_SESS_CACHE_OFF))
    guard unsafe SSL_CTX_set_alpn_protos(handle.pointer, protocols, UInt32(protocols.count)) == 0
    else { throw .library("the application protocols") }
    if let key = settings.certifiedKey { try ContextSetup.use(key, in: handle) }
    switch settings.verification {
    case .insecure:
      // Safety: as above.
      unsafe SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_NONE, nil)
    case .full(let trust):
      // Safety: as above; OpenSSL counts a reference to the store.
      unsafe SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_PEER, nil)
      unsafe SSL_CTX_set1_cert_store(handle.pointer, trust.handle.pointer)
      guard unsafe SSL_CTX_set_purpose(handle.pointer, X509_PURPOSE_SSL_SERVER) == 1 else {
        throw .library("the verification of servers")
      }
    }
  }

  deinit {
    // Safety: this object owns the context; sessions retain this object.
    unsafe SSL_CTX_free(handle.pointer)
  }
}
