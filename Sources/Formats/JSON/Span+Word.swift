extension Span<UInt8> {
  /// The eight bytes from `place` on, the first in the lowest place.
  @inline(__always)
  func word(at place: Int) -> UInt64 {
    // Safety: the load is of plain bytes, and checks that all eight lie within the span.
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
  }
}
