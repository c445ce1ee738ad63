/// Reads scalars of UTF-8.
enum UTF8Scalar {
  /// The scalar that begins at `at`, which goes behind it; what is no UTF-8 stands for itself.
  static func take(_ text: Span<UInt8>, _ at: inout Int) -> UInt32 {
    let lead = UInt32(text[at])
    let count = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard count > 1, at + count <= text.count else {
      at += 1
      return lead
    }
    var value = lead & (0x7F >> UInt32(count))
    for index in at + 1..<at + count { value = value << 6 | UInt32(text[index] & 0x3F) }
    at += count
    return min(value, ScalarSet.last)
  }
}
