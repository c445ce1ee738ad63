import COpenSSL

extension PublicKey {
  /// The numbers that a public key is, highest byte first, as RFC 7518 §6 writes them.
  public enum Numbers: Sendable {
    case rsa(modulus: [UInt8], exponent: [UInt8])
    case point(EllipticCurve, x: [UInt8], y: [UInt8])
    case octets(MontgomeryCurve, [UInt8])
  }

  /// The numbers; nil if the library does not tell them.
  public var numbers: Numbers? {
    switch kind {
    case .rsa:
      // Safety: the names are constants.
      guard let modulus = unsafe number(shim_OSSL_PKEY_PARAM_RSA_N()),
        let exponent = unsafe number(shim_OSSL_PKEY_PARAM_RSA_E())
      else { return nil }
      return .rsa(modulus: modulus, exponent: exponent)
    case .elliptic(let curve):
      // SEC 1 §2.3.3: a byte that says "uncompressed", and both coordinates.
      let width = curve.coordinateBytes
      // Safety: the name is a constant.
      guard let point = unsafe octets(shim_OSSL_PKEY_PARAM_PUB_KEY(), countMax: 1 + 2 * width),
        point.count == 1 + 2 * width, point[0] == 4
      else { return nil }
      return .point(curve, x: Array(point[1...width]), y: Array(point[(1 + width)...]))
    case .montgomery(let curve):
      // Safety: the name is a constant.
      guard
        let bytes = unsafe octets(shim_OSSL_PKEY_PARAM_PUB_KEY(), countMax: curve.keyBytes),
        bytes.count == curve.keyBytes
      else { return nil }
      return .octets(curve, bytes)
    }
  }

  @unsafe
  private func number(_ name: UnsafePointer<CChar>?) -> [UInt8]? {
    var found: OpaquePointer?
    // Safety: the number is new, and freed here; the key is valid.
    defer { unsafe BN_free(found) }
    guard unsafe EVP_PKEY_get_bn_param(handle.pointer, name, &found) == 1,
      let number = unsafe found
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(number) + 7) / 8)
    // Safety: the target has as many bytes as the number.
    let count = unsafe bytes.withUnsafeMutableBufferPointer {
      unsafe BN_bn2bin(number, $0.baseAddress)
    }
    return Int(count) == bytes.count ? bytes : nil
  }

  @unsafe
  private func octets(_ name: UnsafePointer<CChar>?, countMax: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: countMax)
    var count = 0
    // Safety: the target is as long as it is said to be; the key is valid.
    let isDone = unsafe bytes.withUnsafeMutableBufferPointer {
      unsafe EVP_PKEY_get_octet_string_param(
        handle.pointer, name, $0.baseAddress, $0.count, &count) == 1
    }
    ERR_clear_error()
    return isDone ? Array(bytes.prefix(count)) : nil
  }
}
