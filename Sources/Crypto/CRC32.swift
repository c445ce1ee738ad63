/// The CRC-32 checksum of ISO 3309 and RFC 1952 §8, to catch slips of the pen.
///
/// It protects nothing against intent: it is no cryptography. API keys end in one, so that a
/// mistyped key is told from a revoked one.
public enum CRC32 {
  /// The checksum of `bytes`; that of the ASCII digits `123456789` is `0xCBF43926`.
  public static func checksum(_ bytes: Span<UInt8>) -> UInt32 { checksum(bytes, table.span) }

  private static func checksum(
    _ bytes: Span<UInt8>, _ table: Span<UInt32>
  ) -> UInt32 {
    var rest: UInt32 = ~0
    for index in bytes.indices {
      rest = table[Int(UInt8(truncatingIfNeeded: rest) ^ bytes[index])] ^ rest >> 8
    }
    return ~rest
  }

  private static let table: [UInt32] = (0..<256).map { index in
    var rest = UInt32(index)
    for _ in 0..<8 { rest = rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
    return rest
  }
}
