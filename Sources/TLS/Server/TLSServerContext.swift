import COpenSSL
public import Crypto

/// What all connections of a TLS listener have in common; never changes, shared by all loops.
///
/// A reload makes a new one. Connections keep the one that they began with.
public final class TLSServerContext: Sendable {
  /// One for each certificate, alike but for it.
  private let contexts: [SharedHandle]
  private let callbacks: ServerCallbacks
  let transport: RecordTransport
  let isClientCertificateRequired: Bool
  /// Whether clients are asked for certificates.
  let asksForCertificates: Bool
  /// Whether it matters which name a connection was opened for.
  let distinguishesNames: Bool
  /// Stands for whose certificates are believed, and what of them is revoked.
  public let clientTrust: Digest256
  /// The most bytes that a client may send before the handshake is done.
  let handshakeBytesMax: Int

  /// Checks `settings` and makes a context of them.
  public init(_ settings: TLSServerSettings) throws(TLSSettingsError) {
    guard !settings.certificates.isEmpty else { throw .noCertificate }
    _ = try ContextSetup.encode(settings.applicationProtocols)
    transport = try RecordTransport()
    isClientCertificateRequired = settings.clientAuthentication.isRequired
    asksForCertificates = settings.clientAuthentication.trust != nil
    distinguishesNames = asksForCertificates || settings.certificates.count > 1
    clientTrust = TLSServerContext.sessionIdentity(settings.clientAuthentication)
    handshakeBytesMax = 65_536 + settings.clientCertificateBytesMax
    var contexts: [SharedHandle] = []
    do {
      for key in settings.certificates {
        // Safety: the method is a constant of the library.
        let context = try unsafe ContextSetup.make(
          TLS_server_method(), isModern: settings.profile == .modern)
        contexts.append(context)
        try ContextSetup.use(key, in: context)
        try TLSServerContext.setUp(context, settings)
      }
    } catch {
      TLSServerContext.free(contexts)
      throw error
    }
    self.contexts = contexts
    callbacks = ServerCallbacks(settings, contexts: contexts)
    // Safety: this object owns both the contexts and the callbacks, and sessions retain it.
    for context in contexts { unsafe callbacks.install(in: context.pointer) }
  }

  deinit { TLSServerContext.free(contexts) }

  /// The context that a session begins with: that of the first certificate.
  var handle: SharedHandle { contexts[0] }

  /// The place of the certificate for a name; that of the first for any other, and for none.
  func place(of name: String?) -> Int { callbacks.place(of: name) }

  private static func free(_ contexts: [SharedHandle]) {
    // Safety: the caller owns them and uses them no more.
    for context in contexts { unsafe SSL_CTX_free(context.pointer) }
  }

  private static func setUp(
    _ context: SharedHandle, _ settings: TLSServerSettings
  ) throws(TLSSettingsError) {
    // Safety: the context is valid, and nobody else has it yet.
    unsafe shim_SSL_CTX_set_session_cache_mode(context.pointer, Int(SSL_SESS_CACHE_OFF))
    unsafe SSL_CTX_set_timeout(context.pointer, max(1, settings.sessionLifetimeSeconds))
    unsafe shim_SSL_CTX_set_max_cert_list(
      context.pointer, max(1, settings.clientCertificateBytesMax))
    if settings.ticketKeys == nil {
      unsafe SSL_CTX_set_options(context.pointer, shim_SSL_OP_NO_TICKET())
      unsafe SSL_CTX_set_num_tickets(context.pointer, 0)
    } else {
      // Clients of an API open few connections at a time: a second ticket is work for nothing.
      unsafe SSL_CTX_set_num_tickets(context.pointer, 1)
    }
    try setUpClientAuthentication(context, settings)
  }

  private static func setUpClientAuthentication(
    _ context: SharedHandle, _ settings: TLSServerSettings
  ) throws(TLSSettingsError) {
    // A session is resumed only where the same is demanded of clients: the mode and the
    // authorities, with what they have revoked, are part of its identity.
    let sessionContext = sessionIdentity(settings.clientAuthentication).bytes
    // Safety: the context is valid; OpenSSL copies the identity.
    let isSet = unsafe SSL_CTX_set_session_id_context(
      context.pointer, sessionContext, UInt32(sessionContext.count))
    guard isSet == 1 else { throw .library("the identity of sessions") }
    guard let trust = settings.clientAuthentication.trust else { return }
    let isRequired = settings.clientAuthentication.isRequired
    let mode = SSL_VERIFY_PEER | (isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0)
    // Safety: OpenSSL counts a reference to the store and copies the names.
    unsafe SSL_CTX_set_verify(context.pointer, mode, nil)
    unsafe SSL_CTX_set1_cert_store(context.pointer, trust.handle.pointer)
    let isDone =
      unsafe SSL_CTX_set_purpose(context.pointer, X509_PURPOSE_SSL_CLIENT) == 1
      && trust.authorities.allSatisfy {
        unsafe SSL_CTX_add_client_CA(context.pointer, $0.handle.pointer) == 1
      }
    guard isDone else { throw .library("the authorities of clients") }
  }

  private static func sessionIdentity(
    _ authentication: ClientAuthentication
  ) -> Digest256 {
    var text: [UInt8] = [authentication.isRequired ? 2 : authentication.trust == nil ? 0 : 1]
    let trust = authentication.trust
    let marks =
      (trust?.authorities.map(\.fingerprint.hex).sorted() ?? [])
      + (trust?.revocations.map(\.fingerprint.hex).sorted() ?? [])
    for mark in marks { text += Array(mark.utf8) }
    return SHA256Hasher().hash(text.span)
  }
}
