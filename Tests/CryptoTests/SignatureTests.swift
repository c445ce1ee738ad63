import Crypto
import Testing

@Suite struct SignatureTests {
  private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private func verifies(_ verifier: SignatureVerifier, _ signature: [UInt8], _ text: String) -> Bool
  {
    verifier.verify(signature.span, of: text.utf8.span)
  }

  private func sign(_ maker: SignatureMaker, _ text: String) throws -> [UInt8] {
    try maker.sign(text.utf8.span)
  }

  /// The key pair of RFC 8032 §7.1, test 1.
  private func ed25519() throws -> PrivateKey {
    let secret = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    let known = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    return try PrivateKey(curve: .ed25519, bytes: secret.span, publicBytes: known)
  }

  @Test func `Ed25519 gives the signature of RFC 8032`() throws {
    let key = try ed25519()
    let signature = try sign(SignatureMaker(key, .eddsa), "")
    #expect(
      signature
        == bytes(
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"))
    let verifier = try SignatureVerifier(key.publicKey(), .eddsa)
    #expect(verifies(verifier, signature, ""))
    #expect(!verifies(verifier, signature, "x"))
  }

  @Test func `A signature on a curve is two numbers of full width`() throws {
    let key = try PrivateKey.generateP256()
    let maker = try SignatureMaker(key, .ecdsa(.p256, .sha256))
    let verifier = try SignatureVerifier(key.publicKey(), .ecdsa(.p256, .sha256))
    for number in 0..<300 {
      let signature = try sign(maker, "\(number)")
      #expect(signature.count == 64)
      #expect(verifies(verifier, signature, "\(number)"))
      #expect(!verifies(verifier, signature, "other"))
    }
  }

  // JWT-08.
  @Test func `Zeros, ones and other widths are no signature`() throws {
    let key = try PrivateKey.generateP256()
    let verifier = try SignatureVerifier(key.publicKey(), .ecdsa(.p256, .sha256))
    let one = [UInt8](repeating: 0, count: 31) + [1]
    let zero = [UInt8](repeating: 0, count: 32)
    let full = [UInt8](repeating: 255, count: 32)
    for signature in [zero + zero, zero + one, one + zero, one + one, full + full, one, []] {
      #expect(!verifies(verifier, signature, "text"))
    }
    let good = try sign(SignatureMaker(key, .ecdsa(.p256, .sha256)), "text")
    #expect(!verifies(verifier, good + [0], "text"))
    #expect(!verifies(verifier, [0] + good, "text"))
  }

  @Test func `A key serves no scheme of another kind or curve`() throws {
    let elliptic = try PrivateKey.generateP256()
    let schemes: [SignatureScheme] = [
      .rsaPKCS1(.sha256), .rsaPSS(.sha256), .eddsa, .ecdsa(.p384, .sha384),
    ]
    for scheme in schemes {
      #expect(throws: KeyError.mismatch) { try SignatureMaker(elliptic, scheme) }
      let known = try elliptic.publicKey()
      #expect(throws: KeyError.mismatch) { try SignatureVerifier(known, scheme) }
    }
    #expect(throws: KeyError.mismatch) { try SignatureMaker(ed25519(), .ecdsa(.p256, .sha256)) }
  }

  @Test func `A point that is not on its curve is no key`() throws {
    var x = bytes("2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838")
    let y = bytes("c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e")
    func key() throws(KeyError) -> PublicKey {
      try PublicKey(curve: .p256, x: x.span, y: y.span)
    }
    #expect(try key().kind == .elliptic(.p256))
    x[31] ^= 1
    #expect(throws: KeyError.self) { try key() }
    x.removeLast()
    #expect(throws: KeyError.malformed) { try key() }
  }

  @Test func `A modulus that is short, long or even is refused`() throws {
    func error(_ modulus: [UInt8], _ exponent: [UInt8]) -> KeyError? {
      do throws(KeyError) {
        _ = try PublicKey(modulus: modulus.span, exponent: exponent.span)
        return nil
      } catch {
        return error
      }
    }
    let full = [UInt8](repeating: 0xC5, count: 256)
    #expect(error(Array(full.dropLast()), [1, 0, 1]) == .modulusSize(bits: 2040))
    #expect(error([0] + full.dropLast(), [1, 0, 1]) == .modulusSize(bits: 2040))
    #expect(error(full + Array(repeating: 1, count: 1024), [3]) == .modulusSize(bits: 10240))
    #expect(error(full.dropLast() + [2], [1, 0, 1]) == .malformed)
    #expect(error(full, [1]) == .exponent)
    #expect(error(full, [2]) == .exponent)
    #expect(error(full, []) == .exponent)
    #expect(error([], [3]) == .modulusSize(bits: 0))
  }

  @Test func `A secret shorter than the hash authenticates nothing`() throws {
    let short = SymmetricKey([UInt8](repeating: 1, count: 31))
    #expect(throws: KeyError.tooShort(bytes: 31, least: 32)) {
      try MessageAuthenticator(short, .sha256)
    }
    #expect(throws: KeyError.tooShort(bytes: 0, least: 64)) {
      try MessageAuthenticator(SymmetricKey([]), .sha512)
    }
    #expect("\(short)" == "a secret of 31 bytes")
  }

  // SEC-12.
  @Test func `A secret that goes takes nothing from whoever made it`() throws {
    let bytes = [UInt8](repeating: 9, count: 32)
    func code() throws -> [UInt8] {
      let authenticator = try MessageAuthenticator(SymmetricKey(bytes), .sha256)
      return authenticator.code("text".utf8.span)
    }
    #expect(try code() == code())
    #expect(bytes == [UInt8](repeating: 9, count: 32))
  }
}
