import COpenSSL

/// A public key that was checked when it was read and never changes; shared between threads.
///
/// RSA moduli have 2048 to 8192 bits, points lie on their curve, and no key bears a known mark of
/// weakness: whoever holds a `PublicKey` need not ask again.
public final class PublicKey: Sendable {
  /// The fewest bits of an RSA modulus (RFC 7518 §3.3).
  public static let modulusBitsMin = 2048
  /// The most: a signature of such a key already costs ten times the usual.
  public static let modulusBitsMax = 8192

  /// What it can be used with.
  public let kind: KeyKind
  let handle: SharedHandle

  /// Takes over one reference to an `EVP_PKEY`, which is freed if it is refused.
  @unsafe
  init(owning pointer: OpaquePointer) throws(KeyError) {
    // Safety: whoever hands the reference over changes the object no more.
    guard let kind = unsafe KeyKind(pointer) else {
      unsafe EVP_PKEY_free(pointer)
      throw .malformed
    }
    self.kind = kind
    unsafe handle = SharedHandle(pointer)
    // From here on `deinit` frees the key, also if a check throws.
    unsafe try KeyCheck.publicPart(of: pointer, kind)
  }

  deinit {
    // Safety: this object owns one reference.
    unsafe EVP_PKEY_free(handle.pointer)
  }

  /// An RSA key from modulus and exponent, highest byte first (RFC 7518 §6.3.1).
  public convenience init(
    modulus: Span<UInt8>, exponent: Span<UInt8>
  ) throws(KeyError) {
    try KeyCheck.rsa(modulus: modulus, exponent: exponent)
    let assembly = try KeyAssembly()
    // Safety: the names are constants.
    unsafe assembly.add(number: modulus, as: shim_OSSL_PKEY_PARAM_RSA_N())
    unsafe assembly.add(number: exponent, as: shim_OSSL_PKEY_PARAM_RSA_E())
    unsafe try self.init(owning: assembly.key("RSA", isPair: false))
  }

  /// A point on a curve by its coordinates, each of the curve's full width (RFC 7518 §6.2.1).
  public convenience init(
    curve: EllipticCurve, x: Span<UInt8>, y: Span<UInt8>
  ) throws(KeyError) {
    let point = try PublicKey.point(curve, x, y)
    let assembly = try KeyAssembly()
    // Safety: the names are constants.
    unsafe assembly.add(text: curve.constantName, as: shim_OSSL_PKEY_PARAM_GROUP_NAME())
    unsafe assembly.add(octets: point, as: shim_OSSL_PKEY_PARAM_PUB_KEY())
    unsafe try self.init(owning: assembly.key("EC", isPair: false))
  }

  /// A key of Ed25519, Ed448, X25519 or X448 (RFC 8037 §2).
  public convenience init(curve: MontgomeryCurve, bytes: Span<UInt8>) throws(KeyError) {
    guard bytes.count == curve.keyBytes else { throw .malformed }
    // Safety: the bytes are copied during the call; the key is owned from here on.
    let key = unsafe bytes.withUnsafeBufferPointer {
      unsafe EVP_PKEY_new_raw_public_key_ex(nil, curve.rawValue, nil, $0.baseAddress, $0.count)
    }
    ERR_clear_error()
    guard let key = unsafe key else { throw .malformed }
    unsafe try self.init(owning: key)
  }

  /// The first key of a PEM text: `PUBLIC KEY`, `RSA PUBLIC KEY`, or that of a `CERTIFICATE`.
  public convenience init(pem: Span<UInt8>) throws(KeyError) {
    guard pem.count <= PEMReader.byteCountMax, !PEMReader.contains(pem, "PRIVATE KEY-----") else {
      throw .notPEM
    }
    if PEMReader.contains(pem, "BEGIN CERTIFICATE-----") {
      guard let certificate = try? Certificate.all(pem: pem).first else { throw .notPEM }
      try self.init(of: certificate)
      return
    }
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: the text outlives the reading of it; the key is owned from here on.
    let key = unsafe pem.withUnsafeBytes {
      unsafe MemoryBIO.reading($0) {
        unsafe PEM_read_bio_PUBKEY($0, nil, { _, _, _, _ in -1 }, nil)
      }
    }
    guard let key = unsafe key else { throw .notPEM }
    unsafe try self.init(owning: key)
  }

  /// The key of a certificate, whose validity nobody asks for here.
  public convenience init(of certificate: Certificate) throws(KeyError) {
    // Safety: the function counts a reference for the caller.
    guard let key = unsafe X509_get_pubkey(certificate.handle.pointer) else { throw .malformed }
    unsafe try self.init(owning: key)
  }

  /// The uncompressed form of a point (SEC 1 §2.3.3).
  static func point(
    _ curve: EllipticCurve, _ x: Span<UInt8>, _ y: Span<UInt8>
  ) throws(KeyError) -> [UInt8] {
    let width = curve.coordinateBytes
    guard x.count == width, y.count == width else { throw .malformed }
    var point: [UInt8] = [4]
    point.reserveCapacity(1 + 2 * width)
    for index in 0..<width { point.append(x[index]) }
    for index in 0..<width { point.append(y[index]) }
    return point
  }
}
