import Base
import COpenSSL

/// Where OpenSSL reads and writes records during one call: at the caller's buffers.
///
/// It holds pointers only between `open` and `close`. Nothing is copied into a memory BIO, so that
/// a connection at rest holds no buffers of records at all.
@unsafe struct RecordPort {
  var input: UnsafePointer<UInt8>?
  var inputCount = 0
  var output: UnsafeMutablePointer<ByteBuffer>?
  /// Whether our callback refused the name that the client asked for; OpenSSL only says that some
  /// callback failed.
  var isNameRefused = false

  /// Gives `count` bytes at most to OpenSSL; 0 if there are none.
  mutating func take(_ target: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    // Safety: both sides are valid for `taken` bytes and belong to different owners.
    let taken = unsafe min(count, inputCount)
    guard taken > 0, let source = unsafe input else { return 0 }
    unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: taken)
    unsafe input = source + taken
    unsafe inputCount -= taken
    return taken
  }

  /// Takes `count` bytes from OpenSSL; false if nobody holds out a buffer.
  func put(_ source: UnsafePointer<CChar>, _ count: Int) -> Bool {
    // Safety: the source is valid for `count` bytes, for this call; the buffer is held out by the
    // session's caller, who is waiting for us.
    guard let output = unsafe output else { return false }
    let bytes = unsafe UnsafeRawBufferPointer(start: source, count: count)
    _ = unsafe output.pointee.writeUnsafe(minimum: count) { target in
      unsafe target.copyMemory(from: bytes)
      return count
    }
    return true
  }
}
