import COpenSSL

/// The two numbers of an ECDSA signature, between their raw form (RFC 7518 §3.4) and DER.
struct ECDSASignature {
  /// Two integers of 66 bytes with a zero before them, their heads, and the sequence's.
  private static let bytesMax = 2 * (2 + 1 + 66) + 3

  private var bytes = InlineArray<141, UInt8>(repeating: 0)
  private var start = ECDSASignature.bytesMax

  /// Takes exactly twice the curve's width, no number zero; whether the numbers are below the
  /// order is for OpenSSL to check.
  init?(raw: Span<UInt8>, _ curve: EllipticCurve) {
    let width = curve.coordinateBytes
    guard raw.count == 2 * width else { return nil }
    // Written from the end to the begin, so that every length is known when its turn comes.
    guard prepend(integer: raw.extracting(width..<2 * width)),
      prepend(integer: raw.extracting(0..<width))
    else { return nil }
    let count = ECDSASignature.bytesMax - start
    if count > 127 {
      prepend(UInt8(truncatingIfNeeded: count))
      prepend(0x81)
    } else {
      prepend(UInt8(truncatingIfNeeded: count))
    }
    prepend(0x30)
  }

  /// The raw form of a signature that OpenSSL has made.
  static func raw(der: [UInt8], _ curve: EllipticCurve) -> [UInt8]? {
    let width = curve.coordinateBytes
    var raw = [UInt8](repeating: 0, count: 2 * width)
    // Safety: the numbers belong to the signature, which is freed here; each is written into half
    // of the array.
    let isDone = unsafe der.withUnsafeBufferPointer { source in
      var next = source.baseAddress
      guard let signature = unsafe d2i_ECDSA_SIG(nil, &next, source.count) else { return false }
      defer { unsafe ECDSA_SIG_free(signature) }
      return unsafe raw.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return false }
        let size = Int32(width)
        return unsafe BN_bn2binpad(ECDSA_SIG_get0_r(signature), base, size) == size
          && BN_bn2binpad(ECDSA_SIG_get0_s(signature), base + width, size) == size
      }
    }
    return isDone ? raw : nil
  }

  /// Hands its DER form to `body`.
  func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(start..<ECDSASignature.bytesMax))
  }

  /// Whether the number is not zero, and so was written.
  private mutating func prepend(integer: Span<UInt8>) -> Bool {
    var first = 0
    while first < integer.count, integer[first] == 0 { first += 1 }
    guard first < integer.count else { return false }
    var count = integer.count - first
    var index = integer.count - 1
    while index >= first {
      prepend(integer[index])
      index -= 1
    }
    if integer[first] & 0x80 != 0 {
      prepend(0)
      count += 1
    }
    prepend(UInt8(truncatingIfNeeded: count))
    prepend(2)
    return true
  }

  private mutating func prepend(_ byte: UInt8) {
    start -= 1
    bytes[start] = byte
  }
}
