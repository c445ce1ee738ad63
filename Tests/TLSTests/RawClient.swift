import Base
import COpenSSL
import Crypto

@testable import TLS

/// OpenSSL's own client over its own memory, to do what our sessions never do.
@safe final class RawClient {
  private let context: TLSClientContext
  private let ssl: OpaquePointer
  private let input: OpaquePointer
  private let output: OpaquePointer
  private(set) var isFailed = false

  init(_ context: TLSClientContext) throws {
    self.context = context
    // Safety: all are made here; the session owns its BIOs and this object the session.
    guard let ssl = unsafe SSL_new(context.handle.pointer), let input = unsafe BIO_new(BIO_s_mem()),
      let output = unsafe BIO_new(BIO_s_mem())
    else { throw TLSSettingsError.library("a client") }
    unsafe (self.ssl, self.input, self.output) = (ssl, input, output)
    unsafe SSL_set_bio(ssl, input, output)
    unsafe SSL_set_connect_state(ssl)
    unsafe SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
  }

  deinit {
    // Safety: this object owns the session.
    unsafe SSL_free(ssl)
  }

  /// Goes on with the handshake or with what came, and gives back what has to be sent.
  func step() -> [UInt8] {
    var nothing = [UInt8](repeating: 0, count: 64)
    // Safety: the session is valid; the buffers are valid for their counts.
    var result = unsafe SSL_do_handshake(ssl)
    if result == 1 { result = unsafe SSL_read(ssl, &nothing, 64) }
    if result <= 0, unsafe SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ { isFailed = true }
    ERR_clear_error()
    var sent: [UInt8] = []
    while true {
      var part = [UInt8](repeating: 0, count: 4_096)
      let count = unsafe BIO_read(output, &part, 4_096)
      guard count > 0 else { return sent }
      sent += part.prefix(Int(count))
    }
  }

  func take(_ buffer: inout ByteBuffer) {
    let bytes = Array(buffer.storage[buffer.readIndex..<buffer.writeIndex])
    buffer.clear()
    // Safety: the array is valid for its count.
    if !bytes.isEmpty { _ = unsafe BIO_write(input, bytes, Int32(bytes.count)) }
  }

  func updateKeys() {
    // Safety: the session is valid.
    _ = unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
  }

  func renegotiate() {
    // Safety: the session is valid.
    _ = unsafe SSL_renegotiate(ssl)
  }
}
