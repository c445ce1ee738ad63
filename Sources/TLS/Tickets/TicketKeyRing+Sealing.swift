import COpenSSL
import Crypto

extension TicketKeyRing {
  /// Sets up OpenSSL's cipher and MAC to seal a new ticket or to open one that came, and answers
  /// as SSL_CTX_set_tlsext_ticket_key_evp_cb(3) wants it: 1 go on, 2 go on and issue a new ticket,
  /// 0 no ticket, -1 failure.
  @unsafe
  func prepare(
    name: UnsafeMutablePointer<UInt8>, vector: UnsafeMutablePointer<UInt8>,
    cipherContext: OpaquePointer, codeContext: OpaquePointer, isSealing: Bool
  ) -> Int32 {
    guard isSealing else {
      // Safety: OpenSSL hands 16 bytes of name.
      guard let (key, isNewest) = unsafe self.key(named: name) else { return 0 }
      // Safety: the key lives through the call, and the contexts copy from it.
      guard unsafe setUp(key, vector, cipherContext, codeContext, isSealing: false) else {
        return -1
      }
      return isNewest ? 1 : 2
    }
    guard let key = newest else { return 0 }
    // Safety: OpenSSL hands room for 16 bytes of name and EVP_MAX_IV_LENGTH of vector.
    guard unsafe RAND_bytes(vector, EVP_CIPHER_get_iv_length(cipher.pointer)) == 1 else {
      return -1
    }
    unsafe name.update(from: key.bytes, count: TicketKey.nameCount)
    return unsafe setUp(key, vector, cipherContext, codeContext, isSealing: true) ? 1 : -1
  }

  @unsafe
  private func setUp(
    _ key: TicketKey, _ vector: UnsafePointer<UInt8>, _ cipherContext: OpaquePointer,
    _ codeContext: OpaquePointer, isSealing: Bool
  ) -> Bool {
    // Safety: the key's 80 bytes are laid out as 16, 32 and 32; everything outlives the calls,
    // which copy what they need; the parameters' names are C literals.
    withExtendedLifetime(key) {
      let isCipherSet = unsafe EVP_CipherInit_ex(
        cipherContext, cipher.pointer, nil, key.bytes + 16, vector, isSealing ? 1 : 0)
      guard isCipherSet == 1 else { return false }
      let parameters = unsafe [
        shim_OSSL_MAC_PARAM_KEY(key.bytes + 48, 32), shim_OSSL_MAC_PARAM_DIGEST_SHA256(),
        OSSL_PARAM_construct_end(),
      ]
      return unsafe EVP_MAC_CTX_set_params(codeContext, parameters) == 1
    }
  }
}
