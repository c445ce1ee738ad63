import COpenSSL
import Crypto

extension ServerCallbacks {
  /// Has OpenSSL call this object for the sessions of `context`, which must not outlive it.
  @unsafe
  func install(in context: OpaquePointer) {
    // Safety: the pointer is unretained; the owner of the context keeps this object alive.
    let pointer = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe SSL_CTX_set_ex_data(context, 0, pointer)
    unsafe installNames(in: context, pointer)
    unsafe installProtocols(in: context, pointer)
    if ticketKeys != nil { unsafe installTickets(in: context) }
  }

  @unsafe
  private func installNames(in context: OpaquePointer, _ pointer: UnsafeMutableRawPointer) {
    // Safety: the argument of the callback is the pointer that is set beside it.
    unsafe shim_SSL_CTX_set_tlsext_servername_arg(context, pointer)
    unsafe shim_SSL_CTX_set_tlsext_servername_callback(context) { ssl, alert, pointer in
      guard let ssl = unsafe ssl, let callbacks = unsafe ServerCallbacks.at(pointer) else {
        return SSL_TLSEXT_ERR_ALERT_FATAL
      }
      unsafe alert?.pointee = SSL_AD_UNRECOGNIZED_NAME
      return unsafe callbacks.selectCertificate(ssl)
    }
  }

  @unsafe
  private func installProtocols(in context: OpaquePointer, _ pointer: UnsafeMutableRawPointer) {
    // Safety: OpenSSL hands a list that is valid for its count and outlives the choice from it.
    unsafe SSL_CTX_set_alpn_select_cb(
      context,
      { _, chosen, chosenCount, offer, offerCount, pointer in
        guard let callbacks = unsafe ServerCallbacks.at(pointer),
          let name = unsafe callbacks.selectProtocol(
            UnsafeBufferPointer(start: offer, count: Int(offerCount)))
        else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        unsafe chosen?.pointee = name.baseAddress
        unsafe chosenCount?.pointee = UInt8(truncatingIfNeeded: name.count)
        return SSL_TLSEXT_ERR_OK
      }, pointer)
  }

  @unsafe
  private func installTickets(in context: OpaquePointer) {
    // Safety: this callback has no argument, so the object is found through the context that the
    // session has by now; every context of the server points at the same object.
    unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context) { ssl, name, vector, cipher, code, seal in
      guard let ssl = unsafe ssl, let name = unsafe name, let vector = unsafe vector,
        let cipher = unsafe cipher, let code = unsafe code,
        let callbacks = unsafe ServerCallbacks.at(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0)),
        let ring = callbacks.ticketKeys
      else { return -1 }
      return unsafe ring.prepare(
        name: name, vector: vector, cipherContext: cipher, codeContext: code,
        isSealing: seal == 1)
    }
    // Safety: the session is valid during the callback. OpenSSL does not look again at the peer's
    // certificate when a session is resumed; one that has expired since means a full handshake.
    unsafe SSL_CTX_set_session_ticket_cb(
      context, { _, _ in 1 },
      { ssl, session, _, _, status, _ in
        guard status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW else {
          return Int32(SSL_TICKET_RETURN_IGNORE_RENEW)
        }
        let peer = unsafe SSL_SESSION_get0_peer(session)
        if let peer = unsafe peer,
          unsafe X509_cmp_time(X509_get0_notAfter(peer), nil) <= 0
            || !ServerCallbacks.isSameName(ssl, session)
        {
          return Int32(SSL_TICKET_RETURN_IGNORE_RENEW)
        }
        return Int32(SSL_TICKET_RETURN_USE_RENEW)
      }, nil)
  }

  /// Whether a session is resumed for the name that it was made for, so that nobody carries the
  /// identity shown to one name over to another.
  ///
  /// OpenSSL opens tickets before it reads the name, so that is looked up in the message itself.
  @unsafe
  private static func isSameName(_ ssl: OpaquePointer?, _ session: OpaquePointer?) -> Bool {
    var start: UnsafePointer<UInt8>?
    var count = 0
    // Safety: both are valid during the callback, and so is the message, which is only read.
    let isThere = unsafe SSL_client_hello_get0_ext(
      ssl, UInt32(TLSEXT_TYPE_server_name), &start, &count)
    let first = unsafe SSL_SESSION_get0_hostname(session).map { unsafe String(cString: $0) }
    guard isThere == 1 else { return first == nil }
    let list = unsafe UnsafeBufferPointer(start: start, count: count)
    return unsafe serverName(list) == first.flatMap { HostName($0)?.text }
  }

  /// The host name in the extension's content (RFC 6066 §3): two bytes of length of the list, one
  /// of the name's type, two of its length.
  @unsafe
  private static func serverName(_ list: UnsafeBufferPointer<UInt8>) -> String? {
    // Safety: a buffer's subscripts and slices are within its count.
    guard list.count > 5, unsafe list[2] == 0 else { return nil }
    let count = unsafe Int(list[3]) << 8 | Int(list[4])
    guard list.count >= 5 + count else { return nil }
    let name = unsafe String(decoding: list[5..<5 + count], as: UTF8.self)
    return HostName(name)?.text
  }
}
