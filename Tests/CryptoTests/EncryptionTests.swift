import Crypto
import Testing

@Suite struct EncryptionTests {
  private let text = [UInt8]("a secret that is longer than one block of any cipher".utf8)
  private let bound = [UInt8]("record 7".utf8)

  private func open(
    _ sealed: (ciphertext: [UInt8], tag: [UInt8]), _ key: [UInt8], _ nonce: [UInt8],
    _ bound: [UInt8], gcm: Bool
  ) -> [UInt8]? {
    gcm
      ? AESGCM.open(
        sealed.ciphertext.span, key: key.span, nonce: nonce.span, tag: sealed.tag.span,
        associated: bound.span)
      : AESCBCHMAC.open(
        sealed.ciphertext.span, key: key.span, nonce: nonce.span, tag: sealed.tag.span,
        associated: bound.span)
  }

  private func seal(
    _ key: [UInt8], _ nonce: [UInt8], gcm: Bool
  ) throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8]) {
    gcm
      ? try AESGCM.seal(text.span, key: key.span, nonce: nonce.span, associated: bound.span)
      : try AESCBCHMAC.seal(text.span, key: key.span, nonce: nonce.span, associated: bound.span)
  }

  @Test(arguments: [(16, true), (24, true), (32, true), (32, false), (48, false), (64, false)])
  func `What was sealed opens, and nothing else does`(keyBytes: Int, gcm: Bool) throws {
    let key = try SecureRandom.bytes(keyBytes)
    let nonce = try SecureRandom.bytes(gcm ? 12 : 16)
    let sealed = try seal(key, nonce, gcm: gcm)
    #expect(open(sealed, key, nonce, bound, gcm: gcm) == text)
    for place in [0, sealed.ciphertext.count - 1] {
      var changed = sealed
      changed.ciphertext[place] ^= 1
      #expect(open(changed, key, nonce, bound, gcm: gcm) == nil)
    }
    for place in sealed.tag.indices {
      var changed = sealed
      changed.tag[place] ^= 0x80
      #expect(open(changed, key, nonce, bound, gcm: gcm) == nil)
    }
    for count in 0..<sealed.tag.count {
      let cut = (sealed.ciphertext, Array(sealed.tag.prefix(count)))
      #expect(open(cut, key, nonce, bound, gcm: gcm) == nil)
    }
    #expect(open(sealed, key, nonce, bound + [0], gcm: gcm) == nil)
    #expect(open(sealed, key, nonce.map { $0 ^ 1 }, bound, gcm: gcm) == nil)
    #expect(open(sealed, key.map { $0 ^ 1 }, nonce, bound, gcm: gcm) == nil)
    #expect(open(sealed, Array(key.dropLast()), nonce, bound, gcm: gcm) == nil)
  }

  @Test func `An empty text is sealed and opened too`() throws {
    let key = try SecureRandom.bytes(32)
    let nonce = try SecureRandom.bytes(12)
    let none: [UInt8] = []
    let sealed = try AESGCM.seal(
      none.span, key: key.span, nonce: nonce.span, associated: bound.span)
    #expect(sealed.ciphertext.isEmpty)
    #expect(open(sealed, key, nonce, bound, gcm: true) == [])
  }

  @Test(arguments: [16, 24, 32]) func `A wrapped key unwraps under the same key alone`(
    width: Int
  ) throws {
    let outer = try SecureRandom.bytes(width)
    let inner = try SecureRandom.bytes(32)
    var wrapped = try AESKeyWrap.wrap(inner.span, under: outer.span)
    #expect(wrapped.count == 40)
    func unwrapped() -> [UInt8]? { AESKeyWrap.unwrap(wrapped.span, under: outer.span) }
    #expect(unwrapped() == inner)
    wrapped[39] ^= 1
    #expect(unwrapped() == nil)
    wrapped.removeLast()
    #expect(unwrapped() == nil)
  }

  @Test func `Both sides of an agreement have one secret, and a zero is none`() throws {
    func pair(_ curve: MontgomeryCurve) throws -> PrivateKey {
      let secret = try SecureRandom.bytes(curve.keyBytes)
      return try PrivateKey(curve: curve, bytes: secret.span)
    }
    for curve in [MontgomeryCurve.x25519, .x448] {
      let (own, other) = (try pair(curve), try pair(curve))
      let secret = KeyAgreement.secret(own, try other.publicKey())
      #expect(secret != nil)
      #expect(secret == KeyAgreement.secret(other, try own.publicKey()))
    }
    let own = try pair(.x25519)
    let zero = [UInt8](repeating: 0, count: 32)
    let low = try PublicKey(curve: .x25519, bytes: zero.span)
    #expect(KeyAgreement.secret(own, low) == nil)
    #expect(KeyAgreement.secret(own, try pair(.x448).publicKey()) == nil)
    let (first, second) = (try PrivateKey.generateP256(), try PrivateKey.generateP256())
    #expect(
      KeyAgreement.secret(first, try second.publicKey())
        == KeyAgreement.secret(second, try first.publicKey()))
  }
}
