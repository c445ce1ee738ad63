/// A set of ASCII bytes as two words, so that a test is a shift that the compiler inlines.
struct ByteClass {
  private let low: UInt64
  private let high: UInt64

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// RFC 9110 §5.6.2 `tchar`.
  @inline(__always)
  static var token: ByteClass {
    ByteClass(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
  }

  /// RFC 3986 `pchar` without percent-encoding, and brackets, which clients send as they are.
  @inline(__always)
  static var path: ByteClass {
    ByteClass(low: 0x2FFF_7FD2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)
  }

  /// What a path may hold, `/` and `?` (RFC 3986 §3.4).
  @inline(__always)
  static var query: ByteClass {
    ByteClass(low: 0xAFFF_FFD2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    if byte >= 0x80 { return false }
    return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte & 63)) & 1 == 1
  }
}
