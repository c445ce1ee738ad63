/// Writes protocol buffers: fields one behind the other, messages within each other.
struct ProtobufWriter {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []

  init() {}

  /// A number that takes as many bytes as it needs (varint).
  mutating func field(_ number: Int, _ value: UInt64) {
    tag(number, 0)
    varint(value)
  }

  /// A number of eight bytes.
  mutating func fixed64(_ number: Int, _ value: UInt64) {
    tag(number, 1)
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
  }

  /// A number of four bytes.
  mutating func fixed32(_ number: Int, _ value: UInt32) {
    tag(number, 5)
    for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * place))) }
  }

  mutating func field(_ number: Int, _ value: [UInt8]) {
    tag(number, 2)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func field(_ number: Int, _ value: String) { field(number, Array(value.utf8)) }

  /// A message within this one.
  mutating func message(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    field(number, inner.bytes)
  }

  private mutating func tag(_ number: Int, _ type: UInt64) {
    varint(UInt64(number) << 3 | type)
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
