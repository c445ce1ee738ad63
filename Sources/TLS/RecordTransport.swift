import COpenSSL
import Crypto

/// The kind of BIO that reads and writes through a `RecordPort`; one for each context.
final class RecordTransport: Sendable {
  private let method: SharedHandle

  init() throws(TLSSettingsError) {
    // Safety: the method is owned by this object and changed by nobody after this.
    guard let method = unsafe BIO_meth_new(Int32(BIO_TYPE_SOURCE_SINK), "records") else {
      throw .library("a record transport")
    }
    unsafe self.method = SharedHandle(method)
    unsafe BIO_meth_set_read_ex(method) { bio, target, count, taken in
      // Safety: the BIO's data is the session's port, alive as long as the BIO; OpenSSL hands room
      // for `count` bytes.
      guard let bio = unsafe bio, let target = unsafe target, let taken = unsafe taken,
        let port = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: RecordPort.self)
      else { return 0 }
      unsafe shim_BIO_clear_retry_flags(bio)
      let got = unsafe port.pointee.take(target, count)
      unsafe taken.pointee = got
      if got > 0 { return 1 }
      unsafe shim_BIO_set_retry_read(bio)
      return 0
    }
    unsafe BIO_meth_set_write_ex(method) { bio, source, count, written in
      // Safety: as above; the source is valid for `count` bytes.
      guard let bio = unsafe bio, let source = unsafe source, let written = unsafe written,
        let port = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: RecordPort.self)
      else { return 0 }
      unsafe shim_BIO_clear_retry_flags(bio)
      guard unsafe port.pointee.put(source, count) else { return 0 }
      unsafe written.pointee = count
      return 1
    }
    unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
  }

  deinit {
    // Safety: sessions retain their context and so this object; no BIO is left.
    unsafe BIO_meth_free(method.pointer)
  }

  /// A BIO that works through `port`, which must outlive it; nil without memory.
  @unsafe
  func makeBIO(_ port: UnsafeMutablePointer<RecordPort>) -> OpaquePointer? {
    // Safety: the method outlives the BIO, as said above.
    guard let bio = unsafe BIO_new(method.pointer) else { return nil }
    unsafe BIO_set_data(bio, port)
    unsafe BIO_set_init(bio, 1)
    return unsafe bio
  }
}
