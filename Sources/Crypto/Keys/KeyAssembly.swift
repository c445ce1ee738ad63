import COpenSSL

/// Puts a key together from numbers, as JSON Web Keys give them (RFC 7518 §6).
///
/// Whatever it holds is wiped with it.
@safe final class KeyAssembly {
  private let builder: OpaquePointer
  // Safety: both hold what this object made, and nobody else sees it.
  private var numbers: [OpaquePointer] = unsafe []
  private var strings: [UnsafeMutableBufferPointer<UInt8>] = unsafe []
  private var isBroken = false

  init() throws(KeyError) {
    // Safety: owned by this object from here on.
    guard let builder = unsafe OSSL_PARAM_BLD_new() else { throw .unavailable }
    unsafe self.builder = builder
  }

  deinit {
    // Safety: this object owns the builder and the numbers; nothing uses them after it.
    unsafe OSSL_PARAM_BLD_free(builder)
    for index in unsafe numbers.indices { unsafe BN_clear_free(numbers[index]) }
    for index in unsafe strings.indices {
      unsafe OPENSSL_cleanse(strings[index].baseAddress, strings[index].count)
      unsafe strings[index].deallocate()
    }
  }

  /// Adds a number, given in bytes with the highest first. `name` is a constant of C.
  @unsafe
  func add(number bytes: Span<UInt8>, as name: UnsafePointer<CChar>?) {
    // Safety: the bytes are read during the call; the number is kept until the key is made.
    let number = unsafe bytes.withUnsafeBufferPointer {
      unsafe BN_bin2bn($0.baseAddress, Int32(clamping: $0.count), nil)
    }
    guard let number = unsafe number else {
      isBroken = true
      return
    }
    unsafe numbers.append(number)
    if unsafe OSSL_PARAM_BLD_push_BN(builder, name, number) != 1 { isBroken = true }
  }

  /// Adds what an RSA key computes faster with, from the last three numbers, d, p and q: d mod
  /// p-1, d mod q-1, and the inverse of q mod p.
  func addExponents() {
    // Safety: what is computed is kept until the key is made, and the names are constants.
    guard let work = unsafe BN_CTX_secure_new(), unsafe numbers.count >= 3 else {
      isBroken = true
      return
    }
    defer { unsafe BN_CTX_free(work) }
    let (d, p, q) = unsafe (
      numbers[numbers.count - 3], numbers[numbers.count - 2], numbers[numbers.count - 1]
    )
    for isFirst in [true, false] {
      let prime = unsafe isFirst ? p : q
      guard let less = unsafe BN_dup(prime), let rest = unsafe BN_new() else {
        isBroken = true
        return
      }
      // Safety: this object owns the numbers from here on; the names are constants.
      unsafe numbers.append(less)
      unsafe numbers.append(rest)
      let name =
        isFirst
        ? unsafe shim_OSSL_PKEY_PARAM_RSA_EXPONENT1()
        : unsafe shim_OSSL_PKEY_PARAM_RSA_EXPONENT2()
      let isDone =
        unsafe BN_sub_word(less, 1) == 1 && BN_div(nil, rest, d, less, work) == 1
        && OSSL_PARAM_BLD_push_BN(builder, name, rest) == 1
      if !isDone { isBroken = true }
    }
    // Safety: the numbers are this object's, the context lives until the end of the function.
    guard let inverse = unsafe BN_mod_inverse(nil, q, p, work) else {
      isBroken = true
      return
    }
    unsafe numbers.append(inverse)
    let name = unsafe shim_OSSL_PKEY_PARAM_RSA_COEFFICIENT1()
    if unsafe OSSL_PARAM_BLD_push_BN(builder, name, inverse) != 1 { isBroken = true }
  }

  /// Adds a string of bytes. `name` is a constant of C.
  @unsafe
  func add(octets bytes: [UInt8], as name: UnsafePointer<CChar>?) {
    // Safety: the builder keeps the pointer to the copy, which lives as long as this object.
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = unsafe copy.initialize(fromContentsOf: bytes)
    unsafe strings.append(copy)
    let isDone =
      unsafe OSSL_PARAM_BLD_push_octet_string(builder, name, copy.baseAddress, copy.count) == 1
    if !isDone { isBroken = true }
  }

  /// Adds a text; both are constants of C.
  @unsafe
  func add(text: UnsafePointer<CChar>?, as name: UnsafePointer<CChar>?) {
    // Safety: constants live for ever.
    if unsafe OSSL_PARAM_BLD_push_utf8_string(builder, name, text, 0) != 1 { isBroken = true }
  }

  /// The key, which the caller then owns; `isPair` if it has its private part too.
  @unsafe
  func key(_ kind: StaticString, isPair: Bool) throws(KeyError) -> OpaquePointer {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard !isBroken else { throw .malformed }
    // Safety: parameters and context are owned here and freed below; the name is a literal.
    guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else { throw .malformed }
    defer { unsafe OSSL_PARAM_free(parameters) }
    let name = "\(kind)"
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
      throw .unavailable
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    let isDone =
      unsafe EVP_PKEY_fromdata_init(context) == 1
      && EVP_PKEY_fromdata(
        context, &key, isPair ? shim_EVP_PKEY_KEYPAIR() : shim_EVP_PKEY_PUBLIC_KEY(), parameters)
        == 1
    guard isDone, let key = unsafe key else {
      unsafe EVP_PKEY_free(key)
      throw .malformed
    }
    return unsafe key
  }
}
