/// A queue of bytes in one array: written at the end, read from the front.
///
/// The array is never shrunk, and grows only when more is appended than fits, so that a buffer
/// that is reused reaches a size at which it allocates no more. Bytes that were read are
/// reclaimed when the buffer runs empty or has to make room.
public struct ByteBuffer: Sendable {
  /// The bytes; only `readIndex ..< writeIndex` of them are content.
  public private(set) var storage: [UInt8]
  public private(set) var readIndex = 0
  public private(set) var writeIndex = 0

  /// A buffer with no storage; `reserve` or the first append allocates it.
  public init() { storage = [] }

  /// A buffer whose storage holds `capacity` bytes from the start.
  public init(capacity: Int) { storage = [UInt8](repeating: 0, count: capacity) }

  /// A buffer that takes over `storage`, all of it free space.
  public init(reusing storage: consuming [UInt8]) { self.storage = storage }

  public var count: Int { writeIndex - readIndex }
  public var isEmpty: Bool { writeIndex == readIndex }
  public var capacity: Int { storage.count }

  /// Free bytes behind the content.
  public var writableCount: Int { storage.count - writeIndex }

  /// The content, oldest byte first.
  public var readable: Span<UInt8> {
    @_lifetime(borrow self) get { storage.span.extracting(readIndex..<writeIndex) }
  }

  /// Makes room for `count` bytes behind the content: moves the content to the front if that is
  /// enough, else grows to the next power of two.
  public mutating func reserve(_ count: Int) {
    if writableCount >= count { return }
    let held = self.count
    if readIndex > 0 {
      var at = 0
      while at < held {
        storage[at] = storage[readIndex + at]
        at += 1
      }
      readIndex = 0
      writeIndex = held
    }
    if writableCount >= count { return }
    var wanted = max(storage.count, 256)
    while wanted < held + count { wanted *= 2 }
    storage.append(contentsOf: repeatElement(0, count: wanted - storage.count))
  }

  /// Marks `count` bytes as read.
  public mutating func consume(_ count: Int) {
    precondition(count <= self.count, "more consumed than there is")
    readIndex += count
    if readIndex == writeIndex {
      readIndex = 0
      writeIndex = 0
    }
  }

  /// Drops the content and keeps the storage.
  public mutating func clear() {
    readIndex = 0
    writeIndex = 0
  }

  /// Gives the storage away, to a pool say, and leaves an empty buffer without storage.
  public mutating func takeStorage() -> [UInt8] {
    let taken = storage
    storage = []
    clear()
    return taken
  }

  @inline(__always)
  public mutating func append(_ byte: UInt8) {
    if writeIndex == storage.count { reserve(1) }
    storage[writeIndex] = byte
    writeIndex += 1
  }

  public mutating func append(_ bytes: Span<UInt8>) {
    let count = bytes.count
    if writableCount < count { reserve(count) }
    // Safety: `reserve` made room for `count` bytes at `writeIndex`; the two never overlap, since
    // the span cannot borrow a buffer that is being mutated.
    unsafe storage.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        guard let from = source.baseAddress else { return }
        unsafe target.baseAddress!.advanced(by: writeIndex).copyMemory(from: from, byteCount: count)
      }
    }
    writeIndex += count
  }

  /// Appends text known at compile time.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    let count = text.utf8CodeUnitCount
    if writableCount < count { reserve(count) }
    // Safety: a static string's pointer is valid for its count, for ever; room was reserved.
    unsafe storage.withUnsafeMutableBytes { target in
      unsafe target.baseAddress!.advanced(by: writeIndex)
        .copyMemory(from: text.utf8Start, byteCount: count)
    }
    writeIndex += count
  }

  public mutating func append(_ array: [UInt8]) { append(array.span) }

  public mutating func append(utf8 text: String) { append(text.utf8.span) }

  /// Appends `number` in decimal.
  public mutating func append(decimal number: Int) {
    if number < 0 {
      append(UInt8(ascii: "-"))
      append(decimal: number.magnitude)
    } else {
      append(decimal: UInt(number))
    }
  }

  /// Appends `number` in decimal.
  public mutating func append(decimal number: UInt) {
    write(atMost: 20) { $0.append(decimal: number) }
  }

  /// Appends `number` in lower-case hexadecimal, without leading zeros.
  public mutating func append(hexadecimal number: UInt) {
    var digits = 1
    while digits < 16, number >> UInt(4 * digits) != 0 { digits += 1 }
    reserve(digits)
    var place = digits
    while place > 0 {
      place -= 1
      let nibble = UInt8(truncatingIfNeeded: (number >> UInt(4 * place)) & 15)
      storage[writeIndex] = nibble &+ (nibble < 10 ? 0x30 : 0x57)
      writeIndex += 1
    }
  }

  /// Lets `body` append pieces that come to `limit` bytes at most, for which room is made once.
  @inline(__always)
  public mutating func write(atMost limit: Int, _ body: (inout ByteSink) -> Void) {
    if writableCount < limit { reserve(limit) }
    let at = writeIndex
    // Safety: `limit` bytes from `at` on lie in the storage, and the sink writes no more.
    let written = unsafe storage.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      var sink = unsafe ByteSink(base: base.advanced(by: at), capacity: limit)
      body(&sink)
      return sink.count
    }
    writeIndex = at + written
  }

  /// Lets `body` write into the free space, at least `minimum` bytes of it, and takes as content
  /// as many bytes as it returns. For system calls and C libraries.
  @unsafe
  public mutating func writeUnsafe(
    minimum: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int
  ) -> Int {
    reserve(minimum)
    let at = writeIndex
    let written = unsafe storage.withUnsafeMutableBytes { bytes in
      unsafe body(UnsafeMutableRawBufferPointer(rebasing: bytes[at...]))
    }
    if written > 0 {
      precondition(written <= writableCount, "more written than there was room for")
      writeIndex += written
    }
    return written
  }

  /// Lets `body` read the content, and takes away as many bytes as it returns.
  @unsafe
  public mutating func readUnsafe(_ body: (UnsafeRawBufferPointer) -> Int) -> Int {
    let (from, to) = (readIndex, writeIndex)
    let taken = unsafe storage.withUnsafeBytes { bytes in
      unsafe body(UnsafeRawBufferPointer(rebasing: bytes[from..<to]))
    }
    if taken > 0 { consume(taken) }
    return taken
  }
}
