import Crypto
import Formats
import JOSE
import Testing

@Suite struct EncryptionLimitTests {
  private let key = JSONWebKey(.secret(SymmetricKey([UInt8](repeating: 1, count: 16))))

  private func seal(_ header: String, _ content: [UInt8]) throws -> String {
    let guarded = Base64.encode(header.utf8.span)
    let nonce = [UInt8](repeating: 2, count: 12)
    let secret = [UInt8](repeating: 1, count: 16)
    let sealed = try AESGCM.seal(
      content.span, key: secret.span, nonce: nonce.span, associated: guarded.utf8.span)
    let parts = [[], nonce, sealed.ciphertext, sealed.tag]
    return ([guarded] + parts.map { part in Base64.encode(part.span) }).joined(separator: ".")
  }

  private func open(
    _ token: String, _ managements: Set<KeyManagement> = [.direct]
  ) -> Result<[UInt8], TokenRefusal> {
    let reader = EncryptionReader(keys: [key], managements: managements)
    do throws(TokenRefusal) {
      return .success(try reader.decrypt(compact: token.utf8.span))
    } catch {
      return .failure(error)
    }
  }

  // JWT-12: 1 KiB of DEFLATE that becomes a megabyte of zeros.
  @Test func `A compressed bomb is refused`() throws {
    let header = #"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#
    // One block with the fixed code: a zero, then copies of it 258 bytes long.
    var bits: [UInt8] = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
    for _ in 0..<4000 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
    bits += [0, 0, 0, 0, 0, 0, 0]
    while bits.count % 8 != 0 { bits.append(0) }
    let bomb = stride(from: 0, to: bits.count, by: 8).map { at in
      (0..<8).reduce(UInt8(0)) { $0 | bits[at + $1] << UInt8($1) }
    }
    #expect(Inflater.inflate(bomb, bytesMax: 2 << 20) == nil)
    #expect(open(try seal(header, bomb)) == .failure(.decryption))
    // "abc" stored without compression.
    let stored: [UInt8] = [1, 3, 0, 0xFC, 0xFF, 97, 98, 99]
    #expect(open(try seal(header, stored)) == .success([97, 98, 99]))
    #expect(open(try seal(header, stored + [0])) == .failure(.decryption))
  }

  @Test func `An algorithm that was not asked for is refused`() throws {
    let token = try seal(#"{"alg":"dir","enc":"A128GCM"}"#, [1])
    #expect(open(token) == .success([1]))
    #expect(open(token, [.a128kw]) == .failure(.algorithm))
    let old = try seal(#"{"alg":"RSA1_5","enc":"A128GCM"}"#, [1])
    #expect(open(old, Set(KeyManagement.allCases)) == .failure(.algorithm))
  }

  // JWT-12: the rounds of a password's derivation are the sender's to choose.
  @Test(arguments: ["999", "10001", "2147483648", "1e3", "\"1000\"", "-1", "null"])
  func `Too many or too few rounds are refused before any is made`(rounds: String) throws {
    let header =
      #"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":\#(rounds)}"#
    var parts = try seal(header, [1]).split(separator: ".", omittingEmptySubsequences: false)
    parts[1] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    #expect(
      open(parts.joined(separator: "."), [.passwordA128KW]) == .failure(.header))
  }

  @Test func `Critical extensions and compression of another kind are refused`() throws {
    for (part, refusal) in [
      (#""crit":["x"]"#, TokenRefusal.critical), (#""zip":"GZ""#, .header), (#""zip":1"#, .header),
    ] {
      let token = try seal(#"{"alg":"dir","enc":"A128GCM",\#(part)}"#, [1])
      #expect(open(token) == .failure(refusal))
    }
  }
}
