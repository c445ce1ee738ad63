import Crypto
import Formats
import Testing

@testable import JOSE

/// Project Wycheproof's vectors of RFC 7516 and of X25519 with keys in JSON.
@Suite(.enabled(if: Vectors.areHere)) struct EncryptionConformanceTests {
  /// Where the verdict differs, by file and number, each with its reason.
  private static let differing: [String: String] = [:]

  private func verdict(_ reader: EncryptionReader, _ test: JSONElement) -> String {
    do throws(TokenRefusal) {
      guard let token = test["jwe"]?.string else { return "no text" }
      let content = try reader.decrypt(compact: token.utf8.span)
      if let wanted = test["pt"]?.string, Vectors.bytes(hex: wanted) != content { return "other" }
      return "taken"
    } catch {
      return error.description
    }
  }

  @Test(arguments: ["json_web_encryption_test", "json_web_crypto_test"])
  func `Each encrypted message is opened or refused as it should`(file: String) throws {
    var wrong: [String] = []
    var count = 0
    var oldRSA = 0
    for group in try Vectors.json("wycheproof-jose/\(file).json")["testGroups"]?.elements ?? [] {
      let tests = (group["tests"]?.elements ?? []).filter { $0["jwe"] != nil }
      guard let element = group["private"], !tests.isEmpty else { continue }
      let keys = (try? JSONWebKey(element)).map { [$0] } ?? []
      let reader = EncryptionReader(keys: keys, managements: Set(KeyManagement.allCases))
      for test in tests {
        count += 1
        let verdict = verdict(reader, test)
        if element["alg"]?.string == "RSA1_5" {
          // Refused by policy, the valid ones too.
          oldRSA += 1
          #expect(verdict != "taken")
          continue
        }
        let isWanted = test["result"]?.string == "valid"
        let name = "\(file) \(test["tcId"]?.integer ?? 0)"
        let differs = EncryptionConformanceTests.differing[name] != nil
        if (verdict == "taken") != (isWanted != differs) {
          wrong.append(
            "\(name) \(group["comment"]?.string ?? "") \(test["comment"]?.string ?? "") \(verdict)")
        }
      }
    }
    #expect(wrong == [])
    #expect(count > 20)
    #expect(oldRSA < count)
  }

  @Test func `Each agreement on X25519 gives its secret or none`() throws {
    var count = 0
    for group in try Vectors.json("wycheproof-jose/x25519_jwk_test.json")["testGroups"]?.elements
      ?? []
    {
      for test in group["tests"]?.elements ?? [] {
        count += 1
        let secret = secret(test)
        let wanted = Vectors.bytes(hex: test["shared"]?.string ?? "")
        switch test["result"]?.string {
        case "valid": #expect(secret == wanted, "\(test["tcId"]?.integer ?? 0)")
        case "invalid": #expect(secret == nil, "\(test["tcId"]?.integer ?? 0)")
        default: #expect(secret == nil || secret == wanted)
        }
      }
    }
    #expect(count == 531)
  }

  private func secret(_ test: JSONElement) -> [UInt8]? {
    guard let own = test["private"], let other = test["public"],
      case .keyPair(let key, _) = try? JSONWebKey(own).material,
      let peer = try? JSONWebKey(other).publicKey
    else { return nil }
    return KeyAgreement.secret(key, peer)
  }
}
