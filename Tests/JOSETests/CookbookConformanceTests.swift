import Crypto
import Formats
import Testing

@testable import JOSE

/// The examples of RFC 7515, 7520, 7638, 7797 and 8037.
@Suite(.enabled(if: Vectors.areHere)) struct CookbookConformanceTests {
  private func keys(_ input: JSONElement) throws -> [JSONWebKey] {
    if let password = input["pwd"]?.textBytes {
      return [JSONWebKey(.secret(SymmetricKey(password)))]
    }
    let found = try #require(input["key"])
    return try (found.kind == .array ? found.elements : [found]).map(JSONWebKey.init)
  }

  private func reader(_ keys: [JSONWebKey]) -> SignatureReader {
    SignatureReader(
      keys: VerificationKeys(keys, algorithms: Set(SignatureAlgorithm.allCases)))
  }

  private func payload(_ reader: SignatureReader, _ token: String) throws -> [UInt8] {
    try reader.verify(compact: token.utf8.span).payload
  }

  @Test func `Each signature of the cookbook is right in every form`() throws {
    var count = 0
    for file in try Vectors.files("jose-cookbook/jws") where !file.hasPrefix("4_5") {
      let example = try Vectors.json("jose-cookbook/jws/\(file)")
      let input = try #require(example["input"])
      let output = try #require(example["output"])
      let reader = reader(try keys(input))
      let wanted = try #require(input["payload"]?.textBytes)
      if let token = output["compact"]?.string {
        #expect(try payload(reader, token) == wanted, "\(file)")
        count += 1
      }
      for form in ["json", "json_flat"] {
        guard let object = output[form] else { continue }
        #expect(try reader.verify(json: object.json).payload == wanted, "\(file) \(form)")
        count += 1
      }
    }
    #expect(count == 17)
  }

  @Test func `A detached payload is verified with its signature`() throws {
    let example = try Vectors.json(
      "jose-cookbook/jws/4_5.signature_with_detached_content.json")
    let input = try #require(example["input"])
    let payload = try #require(input["payload"]?.textBytes)
    let token = try #require(example["output"]?["compact"]?.string)
    let reader = reader(try keys(input))
    func verified(_ payload: [UInt8]) throws(TokenRefusal) -> [UInt8] {
      try reader.verify(detached: token.utf8.span, payload: payload).payload
    }
    #expect(try verified(payload) == payload)
    #expect(throws: TokenRefusal.signature) { try verified(payload + [0]) }
    #expect(throws: TokenRefusal.self) { try self.payload(reader, token) }
  }

  @Test func `What is reproducible comes out byte by byte`() throws {
    var count = 0
    for file in try Vectors.files("jose-cookbook/jws") where !file.hasPrefix("4_5") {
      let example = try Vectors.json("jose-cookbook/jws/\(file)")
      guard example["reproducible"]?.boolean == true, let input = example["input"],
        let token = example["output"]?["compact"]?.string,
        let algorithm = input["alg"]?.string.flatMap(SignatureAlgorithm.init),
        let header = example["signing"]?["protected_b64u"]?.string
      else { continue }
      let writer = try SignatureWriter(try keys(input)[0], algorithm)
      let made = try writer.sign(try #require(input["payload"]?.textBytes), header: header)
      #expect(made == token, "\(file)")
      count += 1
    }
    #expect(count >= 2)
  }

  @Test func `Each encrypted message of the cookbook opens in every form, but RSA1_5`() throws {
    var count = 0
    for file in try Vectors.files("jose-cookbook/jwe") {
      let example = try Vectors.json("jose-cookbook/jwe/\(file)")
      let input = try #require(example["input"])
      let output = try #require(example["output"])
      let reader = EncryptionReader(
        keys: try keys(input), managements: Set(KeyManagement.allCases))
      let wanted = try #require(input["plaintext"]?.textBytes)
      for form in ["compact", "json", "json_flat"] {
        guard let message = output[form] else { continue }
        count += 1
        let content = try? open(reader, message)
        if file.hasPrefix("5_1.") {
          #expect(content == nil)
        } else {
          #expect(content == wanted, "\(file) \(form)")
        }
      }
    }
    #expect(count >= 30)
  }

  private func open(
    _ reader: EncryptionReader, _ message: JSONElement
  ) throws(TokenRefusal) -> [UInt8] {
    guard let token = message.string else { return try reader.decrypt(json: message.json) }
    return try reader.decrypt(compact: token.utf8.span)
  }

  @Test func `A signature within an encryption is found right`() throws {
    let example = try Vectors.json(
      "jose-cookbook/6.nesting_signatures_and_encryption.json")
    let outer = try #require(example["encrypt"])
    let inner = try #require(example["sign"])
    let decrypter = EncryptionReader(
      keys: try keys(try #require(outer["input"])), managements: [.rsaOAEP])
    let token = try open(decrypter, try #require(outer["output"]?["compact"]))
    let verifier = reader(try keys(try #require(inner["input"])))
    let text = String(decoding: token, as: UTF8.self)
    #expect(try payload(verifier, text) == inner["input"]?["payload"]?.textBytes)
  }

  @Test func `Each key of the cookbook is read`() throws {
    for file in try Vectors.files("jose-cookbook/jwk") {
      #expect(throws: Never.self) {
        _ = try JSONWebKey(try Vectors.json("jose-cookbook/jwk/\(file)"))
      }
    }
  }

  @Test func `An unencoded payload is refused`() throws {
    for file in try Vectors.files("jose-cookbook/rfc7797") {
      let example = try Vectors.json("jose-cookbook/rfc7797/\(file)")
      let reader = reader(try keys(try #require(example["input"])))
      for (_, object) in example["output"]?.members ?? [] {
        let refusal = #expect(throws: TokenRefusal.self) {
          if let token = object.string {
            _ = try self.payload(reader, token)
          } else {
            _ = try reader.verify(json: object.json)
          }
        }
        #expect(refusal == .critical || refusal == .form)
      }
    }
  }

  @Test func `Ed25519 and X25519 are as in RFC 8037`() throws {
    let signing = try Vectors.json("jose-cookbook/curve25519/jws.json")
    let reader = reader(try keys(try #require(signing["input"])))
    let wanted = try #require(signing["input"]?["payload"]?.textBytes)
    #expect(try payload(reader, try #require(signing["output"]?["compact"]?.string)) == wanted)
    let agreement = try Vectors.json("jose-cookbook/curve25519/ecdh-es.json")
    let decrypter = EncryptionReader(
      keys: try keys(try #require(agreement["input"])), managements: [.agreement])
    for (_, message) in agreement["output"]?.members ?? [] {
      #expect(try open(decrypter, message) == agreement["input"]?["plaintext"]?.textBytes)
    }
  }

  @Test func `The examples of RFC 7515, 7638 and 8037 come out`() throws {
    let vectors = try Vectors.json("oauth-rfc-vectors/vectors.json")
    let first = try #require(vectors["rfc7515_appendix_a1"])
    let secret = try #require(
      first["key_k"]?.textBytes.flatMap { text in Base64.decode(text.span) })
    let key = JSONWebKey(.secret(SymmetricKey(secret)))
    let claims = try payload(reader([key]), try #require(first["jws"]?.string))
    #expect(String(decoding: claims, as: UTF8.self).contains("http://example.com/is_root"))

    let printed = try #require(vectors["rfc7638_section_3_1"])
    let thumbprint = JSONWebKey.thumbprint(try #require(printed["jwk"]))
    #expect(text(thumbprint) == printed["sha256_thumbprint"]?.string)

    let last = try #require(vectors["rfc8037_appendix_a"])
    let pair = try JSONWebKey(try #require(last["jwk"]))
    let token = try #require(last["jws"]?.string)
    #expect(try payload(reader([pair]), token) == Array("Example of Ed25519 signing".utf8))
    let header = String(token.prefix { $0 != "." })
    let made = try SignatureWriter(pair, .eddsa).sign(
      Array("Example of Ed25519 signing".utf8), header: header)
    #expect(made == token)
    #expect(
      text(JSONWebKey.thumbprint(try #require(last["jwk"])))
        == last["sha256_thumbprint"]?.string)
  }

  private func text(_ digest: Digest256?) -> String? {
    digest.map { digest in
      let bytes = digest.bytes
      return Base64.encode(bytes.span)
    }
  }
}
