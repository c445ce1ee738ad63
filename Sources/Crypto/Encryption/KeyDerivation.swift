import COpenSSL

/// Keys made from passwords and from shared secrets.
public enum KeyDerivation {
  /// PBKDF2 with HMAC (RFC 8018 §5.2). `iterations` is bounded by the caller: it is what an
  /// attacker would make large.
  public static func pbkdf2(
    password: Span<UInt8>, salt: Span<UInt8>, iterations: Int, hash: HashFunction, count: Int
  ) -> [UInt8]? {
    guard iterations > 0, count > 0, password.count <= 4096 else { return nil }
    var key = [UInt8](repeating: 0, count: count)
    // Safety: both spans are valid for their counts, and the target as long as it is said to be.
    let isDone = unsafe password.withUnsafeBytes { password in
      unsafe salt.withUnsafeBufferPointer { salt in
        unsafe key.withUnsafeMutableBufferPointer { target in
          unsafe PKCS5_PBKDF2_HMAC(
            password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(password.count),
            salt.baseAddress, Int32(clamping: salt.count), Int32(clamping: iterations),
            hash.algorithm, Int32(target.count), target.baseAddress) == 1
        }
      }
    }
    return isDone ? key : nil
  }

  /// The one-step derivation of NIST SP 800-56A with SHA-256, as ECDH-ES has it (RFC 7518 §4.6.2).
  public static func concatenation(
    secret: [UInt8], information: [UInt8], count: Int
  ) -> [UInt8]? {
    derive("SSKDF", secret, information, count)
  }

  /// HKDF with SHA-256 and no salt (RFC 5869).
  public static func hkdf(secret: [UInt8], information: [UInt8], count: Int) -> [UInt8]? {
    derive("HKDF", secret, information, count)
  }

  private static func derive(
    _ name: String, _ secret: [UInt8], _ information: [UInt8], _ count: Int
  ) -> [UInt8]? {
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: function and context are owned here; the parameters point at copies that outlive
    // the call, and their names are constants.
    let function = unsafe EVP_KDF_fetch(nil, name, nil)
    defer { unsafe EVP_KDF_free(function) }
    guard let function = unsafe function, let context = unsafe EVP_KDF_CTX_new(function) else {
      return nil
    }
    defer { unsafe EVP_KDF_CTX_free(context) }
    var (secret, information) = (secret, information)
    // Safety: the copies and the target are valid for their counts during the call.
    var key = [UInt8](repeating: 0, count: count)
    let isDone = unsafe secret.withUnsafeMutableBytes { secret in
      unsafe information.withUnsafeMutableBytes { information in
        unsafe key.withUnsafeMutableBufferPointer { target in
          let parameters = unsafe [
            shim_OSSL_KDF_PARAM_DIGEST_SHA256(),
            shim_OSSL_KDF_PARAM_KEY(secret.baseAddress, secret.count),
            shim_OSSL_KDF_PARAM_INFO(information.baseAddress, information.count),
            OSSL_PARAM_construct_end(),
          ]
          // Safety: all buffers stand still for the call, with the counts that are told.
          return unsafe EVP_KDF_derive(context, target.baseAddress, target.count, parameters) == 1
        }
      }
    }
    return isDone ? key : nil
  }
}
