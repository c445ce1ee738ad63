import COpenSSL

/// What a key can be used with: no algorithm takes a key of another kind.
public enum KeyKind: Hashable, Sendable {
  /// With the length of the modulus.
  case rsa(bits: Int)
  case elliptic(EllipticCurve)
  case montgomery(MontgomeryCurve)

  /// The kind of a key, or nil for one that is not known here.
  @unsafe
  init?(_ key: OpaquePointer) {
    // Safety: the caller's key is valid; the functions only read it.
    let isRSA = unsafe EVP_PKEY_is_a(key, "RSA") == 1
    if isRSA {
      self = .rsa(bits: Int(unsafe EVP_PKEY_get_bits(key)))
      return
    }
    for curve in MontgomeryCurve.allCases where unsafe EVP_PKEY_is_a(key, curve.rawValue) == 1 {
      self = .montgomery(curve)
      return
    }
    guard unsafe EVP_PKEY_is_a(key, "EC") == 1, let curve = unsafe KeyKind.curve(of: key) else {
      return nil
    }
    self = .elliptic(curve)
  }

  @unsafe
  private static func curve(of key: OpaquePointer) -> EllipticCurve? {
    // Safety: the name is written into the buffer and cut to its length.
    let name = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      var count = 0
      let isNamed =
        unsafe EVP_PKEY_get_group_name(key, buffer.baseAddress, buffer.count, &count) == 1
      guard isNamed, count < buffer.count else { return "" }
      return String(
        decoding: (0..<count).map { unsafe UInt8(bitPattern: buffer[$0]) }, as: UTF8.self)
    }
    switch name {
    case "prime256v1", "P-256": return .p256
    case "secp384r1", "P-384": return .p384
    case "secp521r1", "P-521": return .p521
    default: return nil
    }
  }
}
