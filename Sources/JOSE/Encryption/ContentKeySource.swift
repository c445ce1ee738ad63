import Crypto
import Formats

/// Where the key of an encrypted message's content comes from (RFC 7516 §5.2, steps 6 to 13).
struct ContentKeySource {
  let header: EncryptionHeader
  let encryptedKey: [UInt8]
  let limits: EncryptionReader.Limits

  /// The content's key; nil if it cannot be had with this one. Throws if the header is wrong.
  func contentKey(with key: JSONWebKey) throws(TokenRefusal) -> [UInt8]? {
    guard header.management.sendsKey != encryptedKey.isEmpty else { throw .form }
    switch key.material {
    case .secret(let secret): return try contentKey(secret)
    case .keyPair(let own, _): return try contentKey(own)
    case .publicKey: return nil
    }
  }

  // MARK: Secrets

  private func contentKey(_ secret: SymmetricKey) throws(TokenRefusal) -> [UInt8]? {
    let bytes = secret.withBytes { span in span.indices.map { span[$0] } }
    switch header.management {
    case .direct: return bytes.count == header.content.keyBytes ? bytes : nil
    case .a128kw, .a192kw, .a256kw:
      guard bytes.count == header.management.wrappingBytes else { return nil }
      return unwrap(bytes)
    case .a128gcmkw, .a192gcmkw, .a256gcmkw:
      guard bytes.count == header.management.wrappingBytes else { return nil }
      guard let nonce = try header.bytes("iv"), let tag = try header.bytes("tag") else {
        throw .header
      }
      let none: [UInt8] = []
      return AESGCM.open(
        encryptedKey.span, key: bytes.span, nonce: nonce.span, tag: tag.span,
        associated: none.span)
    case .passwordA128KW, .passwordA192KW, .passwordA256KW: return try fromPassword(bytes)
    default: return nil
    }
  }

  private func fromPassword(_ password: [UInt8]) throws(TokenRefusal) -> [UInt8]? {
    guard let hash = header.management.passwordHash, let width = header.management.wrappingBytes,
      let salt = try header.bytes("p2s"), (8...512).contains(salt.count),
      let rounds = header["p2c"]?.integer,
      rounds >= limits.iterationsMin, rounds <= limits.iterationsMax
    else { throw .header }
    let salted = Array(header.management.rawValue.utf8) + [0] + salt
    let key = KeyDerivation.pbkdf2(
      password: password.span, salt: salted.span, iterations: Int(rounds), hash: hash,
      count: width)
    return key.flatMap(unwrap)
  }

  private func unwrap(_ key: [UInt8]) -> [UInt8]? {
    AESKeyWrap.unwrap(encryptedKey.span, under: key.span)
  }

  // MARK: Key pairs

  private func contentKey(_ own: PrivateKey) throws(TokenRefusal) -> [UInt8]? {
    switch header.management {
    case .rsaOAEP: return RSAOAEP.open(encryptedKey.span, key: own, .sha1)
    case .rsaOAEP256: return RSAOAEP.open(encryptedKey.span, key: own, .sha256)
    case .agreement: return try agreed(own, header.content.rawValue, header.content.keyBytes)
    case .agreementA128KW, .agreementA192KW, .agreementA256KW:
      let width = header.management.wrappingBytes ?? 0
      return try agreed(own, header.management.rawValue, width).flatMap(unwrap)
    default: return nil
    }
  }

  /// The key that the sender's ephemeral key and ours agree on (RFC 7518 §4.6.2).
  private func agreed(
    _ own: PrivateKey, _ algorithm: String, _ count: Int
  ) throws(TokenRefusal) -> [UInt8]? {
    guard let object = header["epk"], let ephemeral = try? JSONWebKey(object),
      case .publicKey(let peer) = ephemeral.material
    else { throw .header }
    guard let secret = KeyAgreement.secret(own, peer) else { return nil }
    let information =
      field(Array(algorithm.utf8)) + field(try header.bytes("apu") ?? [])
      + field(try header.bytes("apv") ?? []) + number(count * 8)
    return KeyDerivation.concatenation(secret: secret, information: information, count: count)
  }

  private func field(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }

  private func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}
