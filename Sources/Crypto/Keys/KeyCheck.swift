import COpenSSL

/// What a key must be before it is used.
enum KeyCheck {
  /// Throws unless modulus and exponent are of a size that is safe and that does not cost us more
  /// than a key may: before any arithmetic with them.
  static func rsa(modulus: Span<UInt8>, exponent: Span<UInt8>) throws(KeyError) {
    let bits = bitCount(modulus)
    guard (PublicKey.modulusBitsMin...PublicKey.modulusBitsMax).contains(bits) else {
      throw .modulusSize(bits: bits)
    }
    let width = bitCount(exponent)
    guard width >= 2, width <= 33, exponent[exponent.count - 1] & 1 == 1 else { throw .exponent }
    guard modulus[modulus.count - 1] & 1 == 1 else { throw .malformed }
  }

  /// Throws unless the public part of a key is sound.
  @unsafe
  static func publicPart(of key: OpaquePointer, _ kind: KeyKind) throws(KeyError) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    if case .rsa(let bits) = kind {
      guard (PublicKey.modulusBitsMin...PublicKey.modulusBitsMax).contains(bits) else {
        throw .modulusSize(bits: bits)
      }
      // Safety: the caller's key is valid.
      unsafe try numbers(of: key)
    }
    // Safety: the context counts a reference to the key, and is freed here.
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
      throw .unavailable
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    guard unsafe EVP_PKEY_public_check(context) == 1 else { throw .inconsistent }
  }

  /// Throws unless the private part of a key belongs to its public one.
  @unsafe
  static func pair(_ key: OpaquePointer) throws(KeyError) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: the context counts a reference to the key, and is freed here.
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
      throw .unavailable
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    guard unsafe EVP_PKEY_pairwise_check(context) == 1 else { throw .inconsistent }
  }

  @unsafe
  private static func numbers(of key: OpaquePointer) throws(KeyError) {
    var modulus: OpaquePointer?
    var exponent: OpaquePointer?
    // Safety: both numbers are new and freed here; the names are constants.
    defer {
      unsafe BN_free(modulus)
      unsafe BN_free(exponent)
    }
    let isRead =
      unsafe EVP_PKEY_get_bn_param(key, shim_OSSL_PKEY_PARAM_RSA_N(), &modulus) == 1
      && EVP_PKEY_get_bn_param(key, shim_OSSL_PKEY_PARAM_RSA_E(), &exponent) == 1
    guard isRead, let modulus = unsafe modulus, let exponent = unsafe exponent else {
      throw .malformed
    }
    let width = unsafe BN_num_bits(exponent)
    guard width >= 2, width <= 33, unsafe BN_is_odd(exponent) == 1 else { throw .exponent }
    if unsafe isFactorable(modulus) { throw .weakModulus }
  }

  /// The primes by which the weak generator's moduli are recognised: modulo each of them, such a
  /// modulus is a power of 65537, which of random ones fewer than one in 2²⁷ is for all.
  private static let markPrimes: [UInt] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
  ]

  /// Whether a modulus was made by the generator of CVE-2017-15361.
  @unsafe
  private static func isFactorable(_ modulus: OpaquePointer) -> Bool {
    // Safety: the caller's number is valid and only read.
    markPrimes.allSatisfy { prime in
      let rest = unsafe UInt(BN_mod_word(modulus, prime))
      var power: UInt = 1
      repeat {
        if power == rest { return true }
        power = power * 65_537 % prime
      } while power != 1
      return false
    }
  }

  /// How many bits a number has, leading zeros not counted.
  private static func bitCount(_ bytes: Span<UInt8>) -> Int {
    var first = 0
    while first < bytes.count, bytes[first] == 0 { first += 1 }
    guard first < bytes.count else { return 0 }
    return 8 * (bytes.count - first) - bytes[first].leadingZeroBitCount
  }
}
