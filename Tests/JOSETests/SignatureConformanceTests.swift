import Crypto
import Formats
import Testing

@testable import JOSE

/// Project Wycheproof's vectors of raw signatures and of RFC 7515.
@Suite(.enabled(if: Vectors.areHere)) struct SignatureConformanceTests {
  private func verifies(_ verifier: SignatureVerifier, _ test: JSONElement) -> Bool {
    let signature = Vectors.bytes(hex: test["sig"]?.string ?? "")
    let message = Vectors.bytes(hex: test["msg"]?.string ?? "")
    return verifier.verify(signature.span, of: message.span)
  }

  @Test(arguments: [
    ("ecdsa_secp256r1_sha256_p1363_test", SignatureScheme.ecdsa(.p256, .sha256)),
    ("ecdsa_secp384r1_sha384_p1363_test", .ecdsa(.p384, .sha384)),
    ("ecdsa_secp521r1_sha512_p1363_test", .ecdsa(.p521, .sha512)),
    ("ed25519_test", .eddsa),
    ("rsa_pss_2048_sha256_mgf1_32_test", .rsaPSS(.sha256)),
    ("rsa_signature_2048_sha256_test", .rsaPKCS1(.sha256)),
  ]) func `Each raw signature is taken or refused as it should`(
    file: String, scheme: SignatureScheme
  ) throws {
    var count = 0
    for group in try Vectors.json("wycheproof-jose/\(file).json")["testGroups"]?.elements ?? [] {
      let pem = try #require(group["publicKeyPem"]?.string)
      let key = try PublicKey(pem: pem.utf8.span)
      let verifier = try SignatureVerifier(key, scheme)
      for test in group["tests"]?.elements ?? [] {
        let result = test["result"]?.string
        let isRight = verifies(verifier, test)
        count += 1
        if result == "acceptable" { continue }
        #expect(isRight == (result == "valid"), "\(file) \(test["tcId"]?.integer ?? 0)")
      }
    }
    #expect(count > 100)
  }

  /// Where the verdict differs, by file and number, each with its reason.
  private static let differing: [String: String] = [
    "json_web_signature_test 346": "the key says PS256, the message PS384",
    "json_web_signature_test 350": "the key says PS256, the message PS384",
    "json_web_signature_test 347": "the key says ES521, which is no algorithm",
    "json_web_signature_test 351": "the key says ES521, which is no algorithm",
    "json_web_signature_test 367": "called wrongly padded, but there is no padding in it",
    "json_web_signature_test 370": "called wrongly padded, but there is no padding in it",
    "json_web_signature_test 372": "called valid, but a question mark is no base64url",
    "json_web_signature_test 373": "called valid, but a question mark is no base64url",
  ]

  private func keys(_ group: JSONElement) throws -> [JSONWebKey] {
    let element = try #require(group["public"] ?? group["private"])
    if element["keys"] != nil { return try JSONWebKeySet(json: element.json).keys }
    return [try JSONWebKey(element)]
  }

  private func refusal(_ reader: SignatureReader, _ test: JSONElement) -> TokenRefusal? {
    do throws(TokenRefusal) {
      guard let token = test["jws"] else { return .form }
      if let text = token.string {
        _ = try reader.verify(compact: text.utf8.span)
      } else {
        // A JSON serialisation stands where a compact token is asked for.
        let json = token.json
        _ = try reader.verify(compact: json.span)
      }
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["json_web_signature_test", "json_web_key_test", "json_web_crypto_test"])
  func `Each signed message is taken or refused as it should`(file: String) throws {
    var wrong: [String] = []
    var count = 0
    for group in try Vectors.json("wycheproof-jose/\(file).json")["testGroups"]?.elements ?? [] {
      let tests = (group["tests"]?.elements ?? []).filter { $0["jws"] != nil }
      let keys = (try? keys(group)) ?? []
      let named = Set(keys.compactMap(\.algorithm).compactMap(SignatureAlgorithm.init))
      let reader = SignatureReader(
        keys: VerificationKeys(
          keys, algorithms: named.isEmpty ? Set(SignatureAlgorithm.allCases) : named))
      for test in tests {
        count += 1
        let refusal = refusal(reader, test)
        let isWanted = test["result"]?.string == "valid"
        let name = "\(file) \(test["tcId"]?.integer ?? 0)"
        let differs = SignatureConformanceTests.differing[name] != nil
        if (refusal == nil) == isWanted, !differs { continue }
        if (refusal == nil) != isWanted, differs { continue }
        wrong.append("\(name) \(test["comment"]?.string ?? "") \(refusal?.description ?? "taken")")
      }
    }
    #expect(wrong == [])
    #expect(count > 10)
  }
}
