public import Base
import COpenSSL
public import Crypto

/// One TLS connection over memory: ciphertext in, plaintext out, and the other way.
///
/// It knows no socket and no clock. Whoever owns it feeds `receive` with what came, sends what is
/// appended to `output`, and must do so even if the call reports a failure, since that is how the
/// peer learns of it. It is confined to its owner's loop.
@safe public final class TLSSession {
  /// Where the connection stands.
  enum State: Equatable {
    case handshaking
    case open
    case closedByPeer
    case failed(TLSFailure)
  }

  let ssl: OpaquePointer
  private let port: UnsafeMutablePointer<RecordPort>
  let server: TLSServerContext?
  private let client: TLSClientContext?
  private(set) var state = State.handshaking
  /// Bytes that arrived since the last plaintext or the handshake's end.
  private var bytesWithoutData = 0
  private var isCloseSent = false
  private var knownPeerCertificate: Certificate?

  /// The version that was agreed on; meaningless before the handshake is completed.
  public private(set) var version = TLSVersion.v13
  /// The cipher that was agreed on; meaningless before the handshake is completed.
  public private(set) var cipher = TLSCipher(number: 0)
  /// On a server the host name that the client asked for, in lower case; on a client the one that
  /// it asked for. Nil if there was none or if it was no host name.
  public private(set) var serverName: String?
  /// The application protocol that was agreed on; nil if the peer spoke of none.
  public private(set) var applicationProtocol: String?
  /// By what its first message a client is known (JA4); empty on a client's side, and before that
  /// message has come.
  public private(set) var clientFingerprint: [UInt8] = []
  /// Whether an earlier session was resumed, so that no certificate was shown anew.
  public private(set) var isResumed = false
  /// The most bytes of control records in a row, after the handshake, without any data.
  static let bytesWithoutDataMax = 65_536

  /// A connection that was accepted.
  public init(server: TLSServerContext) throws(TLSSettingsError) {
    // Safety: both are owned by this object from here on.
    let parts = unsafe TLSSession.make(server.handle, server.transport)
    guard let (ssl, port) = unsafe parts else { throw .library("a session") }
    unsafe (self.ssl, self.port) = (ssl, port)
    self.server = server
    client = nil
    unsafe SSL_set_accept_state(ssl)
    watchForHello()
  }

  /// A connection to an upstream, whose certificate must bear `serverName`: a host name, which is
  /// also sent as SNI, or an IP address.
  public init(client: TLSClientContext, serverName: String) throws(TLSSettingsError) {
    // Safety: both are owned by this object from here on.
    let parts = unsafe TLSSession.make(client.handle, client.transport)
    guard let (ssl, port) = unsafe parts else { throw .library("a session") }
    unsafe (self.ssl, self.port) = (ssl, port)
    server = nil
    self.client = client
    unsafe SSL_set_connect_state(ssl)
    try expect(serverName)
  }

  deinit {
    // Safety: this object owns both; the BIO, which points at the port, goes with the session.
    unsafe SSL_free(ssl)
    unsafe port.deallocate()
  }

  /// Whether data can be sent: the handshake is completed, and nothing failed.
  public var isOpen: Bool { (state == .open || state == .closedByPeer) && !isCloseSent }

  /// The certificate that the peer showed, in this handshake or in that of the session that was
  /// resumed; nil if it showed none. It was verified, unless a client is `insecure`.
  public var peerCertificate: Certificate? {
    if let known = knownPeerCertificate { return known }
    // Safety: the session is valid; the reference that is got is owned by the object made from it.
    guard let pointer = unsafe SSL_get1_peer_certificate(ssl) else { return nil }
    let certificate = unsafe Certificate(owning: pointer)
    knownPeerCertificate = certificate
    return certificate
  }

  /// Begins the handshake of a client: appends the first message to `output`.
  @discardableResult
  public func start(output: inout ByteBuffer) -> TLSProgress {
    var nothing = ByteBuffer()
    var nowhere = ByteBuffer()
    return receive(&nothing, plaintext: &nowhere, plaintextLimit: 0, output: &output)
  }

  /// Takes in what arrived: drives the handshake, and appends decrypted bytes to `plaintext` until
  /// that holds `plaintextLimit` bytes. What has to be sent in turn is appended to `output`.
  ///
  /// Ciphertext is consumed as far as it is used; what the limit holds back stays in `ciphertext`
  /// or inside, and `isPlaintextPending` says so.
  public func receive(
    _ ciphertext: inout ByteBuffer, plaintext: inout ByteBuffer, plaintextLimit: Int,
    output: inout ByteBuffer
  ) -> TLSProgress {
    var progress = TLSProgress()
    if ERR_peek_error() != 0 { ERR_clear_error() }
    // Safety: the pointers that the port gets are valid until `close`, which is called before the
    // buffers they point into are given back.
    _ = unsafe withUnsafeMutablePointer(to: &output) { output in
      unsafe ciphertext.readUnsafe { input in
        unsafe open(input, output)
        if state == .handshaking { shakeHands(&progress) }
        if state == .open { read(into: &plaintext, plaintextLimit, &progress) }
        return unsafe close(input.count)
      }
    }
    switch state {
    case .failed(let failure):
      progress.failure = failure
      ciphertext.clear()
    case .closedByPeer:
      progress.isClosedByPeer = true
      ciphertext.clear()
    default: break
    }
    return progress
  }

  /// Encrypts `plaintext` and appends the records to `output`. Returns how many bytes it took:
  /// all of them, or none if the session is not open.
  public func send(_ plaintext: Span<UInt8>, output: inout ByteBuffer) -> Int {
    guard isOpen, plaintext.count > 0 else { return 0 }
    if ERR_peek_error() != 0 { ERR_clear_error() }
    // One record takes at most 5 bytes of header, 8 of nonce, 1 of type and 16 of tag.
    output.reserve(plaintext.count + (plaintext.count / 16_384 + 1) * 32)
    // Safety: both buffers are valid until the port is closed.
    return unsafe withUnsafeMutablePointer(to: &output) { output in
      unsafe plaintext.withUnsafeBufferPointer { source in
        unsafe open(UnsafeRawBufferPointer(start: nil, count: 0), output)
        let sent = unsafe write(source)
        _ = unsafe close(0)
        return sent
      }
    }
  }

  /// Says that no more will be sent: appends `close_notify` to `output`, once. Before the
  /// handshake is completed, and after a failure, there is nothing to say.
  public func close(output: inout ByteBuffer) {
    guard isOpen else { return }
    isCloseSent = true
    ERR_clear_error()
    // Safety: the buffer is valid until the port is closed.
    unsafe withUnsafeMutablePointer(to: &output) { output in
      unsafe open(UnsafeRawBufferPointer(start: nil, count: 0), output)
      unsafe SSL_shutdown(ssl)
      _ = unsafe close(0)
    }
    ERR_clear_error()
  }

  /// Says that the transport ended. Without `close_notify` before it somebody may have cut the
  /// connection: that is a failure, `truncated`, and a message that lasts until the end must not
  /// be taken for whole (RFC 8446 §6.1). Nil if all is well.
  public func receivedEOF() -> TLSFailure? {
    switch state {
    case .closedByPeer: return nil
    case .failed(let failure): return failure
    case .handshaking, .open:
      let failure = TLSFailure(.truncated)
      state = .failed(failure)
      return failure
    }
  }
}

extension TLSSession {
  @unsafe
  private static func make(
    _ context: SharedHandle, _ transport: RecordTransport
  ) -> (OpaquePointer, UnsafeMutablePointer<RecordPort>)? {
    ERR_clear_error()
    // Safety: the session owns the BIO; the caller owns the session and the port.
    guard let ssl = unsafe SSL_new(context.pointer) else { return nil }
    let port = UnsafeMutablePointer<RecordPort>.allocate(capacity: 1)
    unsafe port.initialize(to: RecordPort())
    guard let bio = unsafe transport.makeBIO(port) else {
      unsafe SSL_free(ssl)
      unsafe port.deallocate()
      return nil
    }
    unsafe SSL_set_bio(ssl, bio, bio)
    return unsafe (ssl, port)
  }

  /// Has the handshake fail unless the upstream's certificate bears `name`.
  private func expect(_ name: String) throws(TLSSettingsError) {
    // Safety: the parameters belong to the session; the strings are copied.
    let parameters = unsafe SSL_get0_param(ssl)
    if let address = IPAddress(name) {
      guard unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, "\(address)") == 1 else {
        throw .invalidServerName(name)
      }
      return
    }
    guard let host = HostName(name) else { throw .invalidServerName(name) }
    serverName = host.text
    // Names stand in the alternative names alone, and `*` only for a whole label (RFC 9525 §6.3).
    let flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT
    unsafe X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(flags))
    guard unsafe X509_VERIFY_PARAM_set1_host(parameters, host.text, 0) == 1,
      unsafe shim_SSL_set_tlsext_host_name(ssl, host.text) == 1
    else { throw .library("the name of the upstream") }
  }

  /// Points the port at the buffers of this call.
  @unsafe
  private func open(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutablePointer<ByteBuffer>) {
    // Safety: the port is valid as long as this object.
    unsafe port.pointee.input = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe port.pointee.inputCount = input.count
    unsafe port.pointee.output = output
  }

  /// Takes the buffers away from the port; how many of `count` bytes of input were used.
  @unsafe
  private func close(_ count: Int) -> Int {
    // Safety: the port is valid as long as this object.
    let used = unsafe count - port.pointee.inputCount
    unsafe port.pointee = RecordPort()
    return used
  }

  private func shakeHands(_ progress: inout TLSProgress) {
    // Safety: the session is valid, and its port is open.
    let before = unsafe port.pointee.inputCount
    let result = unsafe SSL_do_handshake(ssl)
    guard result == 1 else {
      bytesWithoutData += unsafe before - port.pointee.inputCount
      settle(result)
      let most = server?.handshakeBytesMax ?? client?.handshakeBytesMax ?? 0
      if state == .handshaking, bytesWithoutData > most { fail(TLSFailure(.tooMuchWithoutData)) }
      return
    }
    bytesWithoutData = 0
    // Safety: the session is valid; nothing is watched any more.
    if server != nil { unsafe SSL_set_msg_callback(ssl, nil) }
    learn()
    if let failure = distrust() { return fail(failure) }
    state = .open
    progress.isHandshakeCompleted = true
  }

  /// Has the client's first message shown to us, as it came: OpenSSL itself tells of the extensions
  /// alone that it knows.
  private func watchForHello() {
    // Safety: the pointer is unretained; this object owns the session, which calls nobody after it.
    unsafe shim_SSL_set_msg_callback_arg(ssl, Unmanaged.passUnretained(self).toOpaque())
    unsafe SSL_set_msg_callback(ssl) { isWritten, _, type, bytes, count, _, owner in
      guard isWritten == 0, type == SSL3_RT_HANDSHAKE, let owner = unsafe owner else { return }
      let session = unsafe Unmanaged<TLSSession>.fromOpaque(owner).takeUnretainedValue()
      guard session.clientFingerprint.isEmpty else { return }
      let message = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
      session.clientFingerprint = unsafe ClientFingerprint.ja4(Array(message).span)
    }
  }

  /// Reads the properties of a handshake that was completed.
  private func learn() {
    // Safety: the session is valid; the strings are copied.
    version = unsafe SSL_version(ssl) == TLS1_3_VERSION ? .v13 : .v12
    let current = unsafe SSL_get_current_cipher(ssl)
    cipher = TLSCipher(number: unsafe SSL_CIPHER_get_protocol_id(current))
    isResumed = unsafe SSL_session_reused(ssl) == 1
    if server != nil, let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) {
      serverName = unsafe HostName(String(cString: name))?.text
    }
    var start: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    unsafe SSL_get0_alpn_selected(ssl, &start, &count)
    if count > 0, let start = unsafe start {
      applicationProtocol = unsafe String(
        decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }
  }

  /// A second look at what OpenSSL let pass: a required certificate is there, also in a session
  /// that was resumed, and whatever was verified was found good.
  private func distrust() -> TLSFailure? {
    if client?.isInsecure == true { return nil }
    // Safety: the session is valid; the certificate is only compared with nil.
    let hasCertificate = unsafe SSL_get0_peer_certificate(ssl) != nil
    let isGood = unsafe SSL_get_verify_result(ssl) == Int(X509_V_OK)
    if !hasCertificate {
      let isRequired = client != nil || server?.isClientCertificateRequired == true
      return isRequired ? TLSFailure(.noPeerCertificate) : nil
    }
    return isGood ? nil : TLSFailure(.badCertificate)
  }

  private func read(
    into plaintext: inout ByteBuffer, _ limit: Int, _ progress: inout TLSProgress
  ) {
    // Safety: the session is valid and its port open; OpenSSL writes no more than it is told.
    var left = unsafe port.pointee.inputCount
    while true {
      let pending = Int(unsafe SSL_pending(ssl))
      // With nothing in either place a further call could only say that it wants more.
      guard left > 0 || pending > 0 else { return }
      let room = limit - plaintext.count
      guard room > 0 else {
        progress.isPlaintextPending = true
        return
      }
      var result: Int32 = 0
      // Safety: the session is valid, and told of no more room than the closure was given.
      let got = unsafe plaintext.writeUnsafe(minimum: min(room, max(left, pending))) { target in
        result = unsafe SSL_read(
          ssl, target.baseAddress, Int32(clamping: min(room, target.count)))
        return Int(result)
      }
      let rest = unsafe port.pointee.inputCount
      bytesWithoutData = got > 0 ? 0 : bytesWithoutData + left - rest
      left = rest
      if got > 0 { continue }
      settle(result)
      guard state == .open else { return }
      guard bytesWithoutData <= TLSSession.bytesWithoutDataMax else {
        return fail(TLSFailure(.tooMuchWithoutData))
      }
    }
  }

  @unsafe
  private func write(_ source: UnsafeBufferPointer<UInt8>) -> Int {
    var sent = 0
    while sent < source.count {
      let part = min(source.count - sent, 16_384)
      // Safety: the part is within the source; the session is valid and its port open.
      let result = unsafe SSL_write(ssl, source.baseAddress.map { unsafe $0 + sent }, Int32(part))
      guard result > 0 else {
        fail(.fromQueue(verifyResult: 0))
        return 0
      }
      sent += Int(result)
    }
    return sent
  }

  /// Reads from OpenSSL what a result that is no success means.
  private func settle(_ result: Int32) {
    // Safety: the session is valid.
    switch unsafe SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: break
    case SSL_ERROR_ZERO_RETURN: state = .closedByPeer
    default:
      let verifyResult = unsafe SSL_get_verify_result(ssl)
      let isNameRefused = unsafe port.pointee.isNameRefused
      fail(.fromQueue(verifyResult: verifyResult, isNameRefused: isNameRefused))
    }
  }

  private func fail(_ failure: TLSFailure) {
    ERR_clear_error()
    state = .failed(failure)
  }
}
