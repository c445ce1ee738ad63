import COpenSSL

/// A curve over a prime field that signatures and key agreements use (FIPS 186-4, RFC 7518 §6.2).
public enum EllipticCurve: String, CaseIterable, Sendable {
  case p256 = "P-256"
  case p384 = "P-384"
  case p521 = "P-521"

  /// How many bytes a coordinate, and each half of a signature, has.
  public var coordinateBytes: Int {
    switch self {
    case .p256: 32
    case .p384: 48
    case .p521: 66
    }
  }

  /// Its name as a constant of C, for parameters that keep the pointer.
  @unsafe var constantName: UnsafePointer<CChar>? {
    switch self {
    // Safety: string literals of C live for ever.
    case .p256: unsafe shim_SN_P256()
    case .p384: unsafe shim_SN_P384()
    case .p521: unsafe shim_SN_P521()
    }
  }
}
