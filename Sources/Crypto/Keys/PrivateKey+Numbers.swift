import COpenSSL

extension PrivateKey {
  /// The numbers of an RSA key pair, highest byte first (RFC 7518 §6.3.2).
  public struct RSANumbers {
    /// The public part.
    public var modulus, exponent: [UInt8]
    /// The private exponent, and the two primes.
    public var privateExponent, firstPrime, secondPrime: [UInt8]

    public init(
      modulus: [UInt8], exponent: [UInt8], privateExponent: [UInt8], firstPrime: [UInt8],
      secondPrime: [UInt8]
    ) {
      self.modulus = modulus
      self.exponent = exponent
      self.privateExponent = privateExponent
      self.firstPrime = firstPrime
      self.secondPrime = secondPrime
    }
  }

  /// An RSA key pair from its numbers; the rest of them is computed, not believed.
  public convenience init(_ numbers: RSANumbers) throws(KeyError) {
    try KeyCheck.rsa(modulus: numbers.modulus.span, exponent: numbers.exponent.span)
    let assembly = try KeyAssembly()
    let widest = numbers.modulus.count
    guard numbers.privateExponent.count <= widest, numbers.firstPrime.count < widest,
      numbers.secondPrime.count < widest
    else { throw .malformed }
    // Safety: the names are constants.
    unsafe assembly.add(number: numbers.modulus.span, as: shim_OSSL_PKEY_PARAM_RSA_N())
    unsafe assembly.add(number: numbers.exponent.span, as: shim_OSSL_PKEY_PARAM_RSA_E())
    unsafe assembly.add(number: numbers.privateExponent.span, as: shim_OSSL_PKEY_PARAM_RSA_D())
    unsafe assembly.add(number: numbers.firstPrime.span, as: shim_OSSL_PKEY_PARAM_RSA_FACTOR1())
    unsafe assembly.add(number: numbers.secondPrime.span, as: shim_OSSL_PKEY_PARAM_RSA_FACTOR2())
    assembly.addExponents()
    unsafe try self.init(checking: assembly.key("RSA", isPair: true))
  }

  /// A key pair on a curve: the private number and both coordinates (RFC 7518 §6.2.2).
  public convenience init(
    curve: EllipticCurve, x: Span<UInt8>, y: Span<UInt8>, d: Span<UInt8>
  ) throws(KeyError) {
    let point = try PublicKey.point(curve, x, y)
    guard d.count == curve.coordinateBytes else { throw .malformed }
    let assembly = try KeyAssembly()
    // Safety: the names are constants.
    unsafe assembly.add(text: curve.constantName, as: shim_OSSL_PKEY_PARAM_GROUP_NAME())
    unsafe assembly.add(octets: point, as: shim_OSSL_PKEY_PARAM_PUB_KEY())
    unsafe assembly.add(number: d, as: shim_OSSL_PKEY_PARAM_PRIV_KEY())
    unsafe try self.init(checking: assembly.key("EC", isPair: true))
  }

  /// A key pair of Ed25519, Ed448, X25519 or X448; `publicBytes`, if there are any, must be what
  /// belongs to `bytes` (RFC 8037 §2).
  public convenience init(
    curve: MontgomeryCurve, bytes: Span<UInt8>, publicBytes: [UInt8]? = nil
  ) throws(KeyError) {
    guard bytes.count == curve.keyBytes else { throw .malformed }
    // Safety: the bytes are copied during the call; the key is owned from here on.
    let key = unsafe bytes.withUnsafeBufferPointer {
      unsafe EVP_PKEY_new_raw_private_key_ex(nil, curve.rawValue, nil, $0.baseAddress, $0.count)
    }
    ERR_clear_error()
    guard let key = unsafe key else { throw .malformed }
    unsafe self.init(owning: key)
    if let publicBytes, rawPublicBytes(curve) != publicBytes { throw .inconsistent }
  }

  /// What it can be used with; nil for a kind that is not known here.
  public var kind: KeyKind? {
    // Safety: the key is valid.
    unsafe KeyKind(handle.pointer)
  }

  /// Its public part, checked.
  public func publicKey() throws(KeyError) -> PublicKey {
    // Safety: the text that is written is the public part alone; it is freed with the memory.
    let text = unsafe MemoryBIO.bytes { unsafe PEM_write_bio_PUBKEY($0, handle.pointer) == 1 }
    guard let text else { throw .unavailable }
    return try PublicKey(pem: text.span)
  }

  /// Takes over one reference, and checks both parts.
  @unsafe
  private convenience init(checking pointer: OpaquePointer) throws(KeyError) {
    // Safety: owned from here on, whatever the checks say.
    unsafe self.init(owning: pointer)
    guard let kind else { throw .malformed }
    unsafe try KeyCheck.publicPart(of: handle.pointer, kind)
    unsafe try KeyCheck.pair(handle.pointer)
  }

  /// The public part of a key of Ed25519, Ed448, X25519 or X448; nil for another kind.
  public var rawPublicBytes: [UInt8]? {
    guard case .montgomery(let curve) = kind else { return nil }
    return rawPublicBytes(curve)
  }

  private func rawPublicBytes(_ curve: MontgomeryCurve) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: curve.keyBytes)
    var count = bytes.count
    // Safety: the target is as long as it is said to be.
    let isDone = unsafe bytes.withUnsafeMutableBufferPointer {
      unsafe EVP_PKEY_get_raw_public_key(handle.pointer, $0.baseAddress, &count) == 1
    }
    return isDone ? Array(bytes.prefix(count)) : []
  }
}
