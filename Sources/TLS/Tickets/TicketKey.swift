import Base
import COpenSSL
import Crypto

/// One key for session tickets: 16 bytes of name, 32 for AES-256-CBC, 32 for HMAC-SHA-256, as in
/// the form that RFC 5077 §4 recommends. Wiped when it goes.
final class TicketKey: Sendable {
  static let nameCount = 16
  static let byteCount = 80

  let madeAt: Instant
  /// Which it is of those derived from a secret; -1 for a random one.
  let period: Int64
  private let handle: SharedHandle

  /// Makes a key of 80 bytes that somebody has derived.
  init(_ derived: [UInt8], period: Int64, madeAt: Instant) throws(CryptoError) {
    self.period = period
    // Safety: the memory is owned by this object; it is filled whole before anybody reads it.
    guard derived.count == TicketKey.byteCount,
      let memory = unsafe CRYPTO_malloc(TicketKey.byteCount, nil, 0)
    else { throw .unavailable("a key for session tickets") }
    unsafe handle = SharedHandle(OpaquePointer(memory))
    self.madeAt = madeAt
    // Safety: both sides have that many bytes.
    unsafe UnsafeMutableRawBufferPointer(start: memory, count: TicketKey.byteCount)
      .copyBytes(from: derived)
  }

  /// Makes a random key.
  init(madeAt: Instant) throws(CryptoError) {
    period = -1
    // Safety: the memory is owned by this object; it is filled whole before anybody reads it.
    guard let memory = unsafe CRYPTO_malloc(TicketKey.byteCount, nil, 0) else {
      throw .noRandomness
    }
    unsafe handle = SharedHandle(OpaquePointer(memory))
    self.madeAt = madeAt
    // Safety: the memory holds that many bytes.
    let isDone = unsafe RAND_bytes(
      memory.assumingMemoryBound(to: UInt8.self), Int32(TicketKey.byteCount))
    guard isDone == 1 else { throw .noRandomness }
  }

  deinit {
    // Safety: this object owns the memory.
    unsafe CRYPTO_clear_free(UnsafeMutableRawPointer(handle.pointer), TicketKey.byteCount, nil, 0)
  }

  /// Valid for 80 bytes as long as this object lives.
  @unsafe var bytes: UnsafeMutablePointer<UInt8> {
    // Safety: the memory was allocated for bytes and is owned by this object.
    unsafe UnsafeMutablePointer<UInt8>(handle.pointer)
  }

  /// Whether the 16 bytes at `name` are this key's name. Names are public.
  @unsafe
  func isNamed(_ name: UnsafePointer<UInt8>) -> Bool {
    // Safety: both are valid for the count of a name.
    unsafe CRYPTO_memcmp(bytes, name, TicketKey.nameCount) == 0
  }
}
