import Base

/// Writes protocol buffers: fields one behind the other, messages within each other, all of it into
/// one piece of memory.
struct ProtobufWriter {
  /// How many bytes the length of a message takes: as many as the longest needs, whose number is
  /// filled in when the message is whole. Readers take numbers that are longer than they need be.
  private static let lengthBytes = 4

  /// What was written so far.
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 1 << 16) { bytes.reserveCapacity(capacity) }

  /// A number that takes as many bytes as it needs (varint).
  mutating func field(_ number: UInt8, _ value: UInt64) {
    bytes.append(number << 3)
    varint(value)
  }

  /// A number of eight bytes.
  mutating func fixed64(_ number: UInt8, _ value: UInt64) {
    bytes.append(number << 3 | 1)
    word(value)
  }

  /// A number of four bytes.
  mutating func fixed32(_ number: UInt8, _ value: UInt32) {
    tag(number, 5)
    for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * place))) }
  }

  /// Text known at compile time.
  mutating func field(_ number: UInt8, _ text: StaticString) {
    bytes.append(number << 3 | 2)
    varint(UInt64(text.utf8CodeUnitCount))
    // Safety: a static string's pointer is valid for its count, for ever; the array copies.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func field(_ number: UInt8, _ text: String) {
    bytes.append(number << 3 | 2)
    varint(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  /// Text that others chose, as it may be shown.
  mutating func field(_ number: UInt8, shown text: Span<UInt8>) {
    guard ShownText.isPlain(text) else { return field(number, ShownText.string(text)) }
    bytes.append(number << 3 | 2)
    varint(UInt64(text.count))
    Interner.append(text, to: &bytes)
  }

  /// Bytes that another writer has written.
  mutating func append(_ written: [UInt8]) { bytes += written }

  /// An attribute of OpenTelemetry, a key with a value that others chose (`KeyValue` and `AnyValue`
  /// of its `common.proto`).
  mutating func attribute(_ number: UInt8, _ key: StaticString, shown text: Span<UInt8>) {
    guard ShownText.isPlain(text) else {
      let shown = ShownText.bytes(text)
      attribute(number, key, valueTag: 1 << 3 | 2, shown.count)
      bytes += shown
      return
    }
    attribute(number, key, valueTag: 1 << 3 | 2, text.count)
    Interner.append(text, to: &bytes)
  }

  /// An attribute with a text of our own.
  mutating func attribute(_ number: UInt8, _ key: StaticString, _ text: String) {
    attribute(number, key, valueTag: 1 << 3 | 2, text.utf8.count)
    bytes += text.utf8
  }

  /// An attribute whose key is known at run time alone.
  mutating func attribute(_ number: UInt8, named key: String, _ text: String) {
    let pair = begin(number)
    field(1, key)
    let value = begin(2)
    field(1, text)
    end(value)
    end(pair)
  }

  /// An attribute with a number.
  mutating func attribute(_ number: UInt8, _ key: StaticString, _ value: Int) {
    let value = UInt64(bitPattern: Int64(value))
    let size = 1 + ProtobufWriter.size(value)
    attribute(number, key, size: size)
    bytes.append(3 << 3)
    varint(value)
  }

  /// All of an attribute with a text but the text itself, which has `count` bytes.
  private mutating func attribute(
    _ number: UInt8, _ key: StaticString, valueTag: UInt8, _ count: Int
  ) {
    attribute(number, key, size: 1 + ProtobufWriter.size(UInt64(count)) + count)
    bytes.append(valueTag)
    varint(UInt64(count))
  }

  /// All of an attribute but its value, which has `size` bytes.
  private mutating func attribute(_ number: UInt8, _ key: StaticString, size: Int) {
    let count = key.utf8CodeUnitCount
    bytes.append(number << 3 | 2)
    varint(
      UInt64(
        2 + ProtobufWriter.size(UInt64(count)) + count + ProtobufWriter.size(UInt64(size)) + size))
    field(1, key)
    bytes.append(2 << 3 | 2)
    varint(UInt64(size))
  }

  /// How many bytes a varint takes.
  private static func size(_ value: UInt64) -> Int {
    max(1, (64 - value.leadingZeroBitCount + 6) / 7)
  }

  /// Words in the order of the network, as identifiers are written.
  mutating func field(_ number: UInt8, words first: UInt64, _ second: UInt64? = nil) {
    bytes.append(number << 3 | 2)
    bytes.append(second == nil ? 8 : 16)
    word(first.byteSwapped)
    if let second { word(second.byteSwapped) }
  }

  /// Begins a message within this one; `end` is told what is returned.
  mutating func begin(_ number: UInt8) -> Int {
    bytes.append(number << 3 | 2)
    // Safety: the four bytes are read within the call.
    unsafe withUnsafeBytes(of: UInt32(0x8080_8080)) { unsafe bytes.append(contentsOf: $0) }
    return bytes.count
  }

  /// Ends the message that began there.
  mutating func end(_ start: Int) {
    var rest = bytes.count - start
    for place in 0..<ProtobufWriter.lengthBytes {
      let isLast = place == ProtobufWriter.lengthBytes - 1
      bytes[start - ProtobufWriter.lengthBytes + place] =
        UInt8(truncatingIfNeeded: rest) & 0x7F | (isLast ? 0 : 0x80)
      rest >>= 7
    }
    precondition(rest == 0, "a message of more than 256 MiB")
  }

  private mutating func tag(_ number: UInt8, _ type: UInt64) {
    varint(UInt64(number) << 3 | type)
  }

  /// A number of eight bytes within a packed field.
  mutating func word(_ value: UInt64) {
    var value = value.littleEndian
    // Safety: the eight bytes of the number are read within the call.
    unsafe withUnsafeBytes(of: &value) { unsafe bytes.append(contentsOf: $0) }
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
