import Formats
import JOSE
import Testing

@Suite struct KeySetTests {
  private let point =
    #""kty":"EC","crv":"P-256","x":"eR7Doa3wCDcWCKUrSujRqGAmOmRsPM9B4xTwLbxp_bo","#
    + #""y":"1WhDjwSnVppD_CgZquM6g-3h3nv2tVvTd-DBuep0B1I""#
  private let secret = #""kty":"oct","k":"IhCuDpSD0R1voMZ3jQEaI6TeoPA8sA0bAHC7StV0mDs""#

  private func read(_ keys: String...) -> Result<JSONWebKeySet, JWKError> {
    let text = #"{"keys":[\#(keys.map { "{\($0)}" }.joined(separator: ","))]}"#
    return read(text: Array(text.utf8))
  }

  private func read(text: [UInt8]) -> Result<JSONWebKeySet, JWKError> {
    do throws(JWKError) { return .success(try JSONWebKeySet(json: text)) } catch {
      return .failure(error)
    }
  }

  private func error(_ result: Result<JSONWebKeySet, JWKError>) -> JWKError? {
    if case .failure(let error) = result { return error }
    return nil
  }

  @Test func `Keys of unknown kinds and damaged ones are left out`() throws {
    let set = try read(
      point, #""kty":"XX""#, #""kty":"EC","crv":"P-256","x":"AA","y":"AA""#, #""k":"AAAA""#,
      #""kty":"RSA","n":"AQAB","e":"AQAB""#
    ).get()
    #expect(set.keys.count == 1)
    #expect(set.ignoredCount == 4)
  }

  @Test func `A set without a key that can be used is refused`() {
    #expect(error(read()) == .count(0))
    #expect(error(read(#""kty":"XX""#)) == .count(0))
    #expect(error(read(text: Array("{}".utf8))) == .member("keys"))
    #expect(error(read(text: Array("[]".utf8))) == .member("keys"))
    #expect(error(read(text: Array("{\"keys\":{}}".utf8))) == .member("keys"))
    let many = Array(repeating: "{\(point)}", count: 65).joined(separator: ",")
    #expect(error(read(text: Array("{\"keys\":[\(many)]}".utf8))) == .count(65))
    let large = [UInt8](repeating: 0x20, count: JSONWebKeySet.bytesMax) + Array("{}".utf8)
    guard case .json(let fault) = error(read(text: large)) else {
      Issue.record("a document over the limit was read")
      return
    }
    #expect(fault.kind == .tooLarge)
  }

  @Test func `Secrets beside public keys, and two keys of one name, are refused`() {
    #expect(error(read(point, secret)) == .mixed)
    let named = #""kid":"a","#
    #expect(error(read(named + point, named + point)) == .duplicateIdentifier)
    #expect(error(read(named + point, #""kid":"b","# + point)) == nil)
  }

  @Test func `A key for encryption verifies nothing`() throws {
    for part in [#""use":"enc","#, #""key_ops":["encrypt"],"#, #""alg":"ECDH-ES","#] {
      let set = try read(part + point).get()
      #expect(VerificationKeys(set.keys, algorithms: [.es256]).isEmpty)
    }
    let set = try read(#""use":"sig","key_ops":["verify"],"alg":"ES256","# + point).get()
    #expect(!VerificationKeys(set.keys, algorithms: [.es256]).isEmpty)
    #expect(VerificationKeys(set.keys, algorithms: [.es384, .rs256, .hs256]).isEmpty)
  }
}
