/// Free space of a buffer that pieces are written into one after another.
///
/// Room for all of them is made once, by `ByteBuffer.write(atMost:)`; a piece that does not fit is
/// a bug of the caller's and stops the program.
@safe
public struct ByteSink: ~Copyable, ~Escapable {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  /// Bytes written so far.
  public private(set) var count = 0

  // Safety: the pointer is used within the call of `ByteBuffer.write(atMost:)` alone, which the
  // type cannot leave, and never beyond `capacity`.
  @inline(__always)
  @_lifetime(immortal)
  init(base: UnsafeMutableRawPointer, capacity: Int) {
    unsafe self.base = unsafe base
    self.capacity = capacity
  }

  @inline(__always)
  public mutating func append(_ byte: UInt8) {
    precondition(count < capacity, "more written than there is room for")
    // Safety: there is room for a byte.
    unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Appends two bytes, as they stand in memory.
  @inline(__always)
  public mutating func append(pair: UInt16) {
    precondition(count + 2 <= capacity, "more written than there is room for")
    // Safety: there is room for two bytes.
    unsafe base.storeBytes(of: pair, toByteOffset: count, as: UInt16.self)
    count += 2
  }

  @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) {
    precondition(bytes.count <= capacity - count, "more written than there is room for")
    // Safety: there is room for the bytes, and the span is valid for the call.
    unsafe bytes.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return }
      unsafe base.advanced(by: count).copyMemory(from: from, byteCount: source.count)
    }
    count += bytes.count
  }

  /// Appends text known at compile time.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    precondition(length <= capacity - count, "more written than there is room for")
    // Safety: there is room, and a static string's pointer is valid for its count, for ever.
    unsafe base.advanced(by: count).copyMemory(from: text.utf8Start, byteCount: length)
    count += length
  }

  /// Appends `number` in decimal: 20 bytes at most.
  public mutating func append(decimal number: UInt) {
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    precondition(digits <= capacity - count, "more written than there is room for")
    rest = number
    var at = count + digits
    while at > count {
      at -= 1
      // Safety: `at` is below `count + digits`, for which there is room.
      unsafe base.storeBytes(
        of: UInt8(truncatingIfNeeded: rest % 10) &+ 0x30, toByteOffset: at, as: UInt8.self)
      rest /= 10
    }
    count += digits
  }
}
