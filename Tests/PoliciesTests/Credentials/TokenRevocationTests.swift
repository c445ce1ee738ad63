import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit
import Testing

@testable import Policies

@Suite struct TokenRevocationTests {
  private static let secret = [UInt8](repeating: 7, count: 32)

  private func make() -> (policy: JWTPolicy, list: any RemoteDocument) {
    let key = Base64.encode(TokenRevocationTests.secret.span, .standard)
    let (policy, report) = PolicyBench.make(
      JWTPolicy.self,
      "{ issuer: i, audience: a, secret: 'base64:\(key)', revocations: 'https://id.example/gone' }")
    #expect(report == "")
    return (policy, policy.documents[0])
  }

  private func exchange(_ more: String, at milliseconds: UInt64 = 10_000) throws -> BenchExchange {
    let writer = try SignatureWriter(
      JSONWebKey(.secret(SymmetricKey(TokenRevocationTests.secret))), .hs256)
    let token = try writer.sign(Array(#"{"iss":"i","aud":"a","exp":2000\#(more)}"#.utf8))
    let exchange = PolicyBench.exchange(
      [("authorization", "Bearer \(token)")], atMilliseconds: milliseconds)
    exchange.wallMilliseconds = 1_000_000
    return exchange
  }

  // JWT-14, JWT-15.
  @Test func `A revoked token does not count, though it is in the cache`() throws {
    let (policy, list) = make()
    func problem(_ more: String) throws -> Problem? {
      PolicyBench.problem(policy.review(try exchange(more)))
    }
    let (one, two) = (
      #","jti":"1","sub":"carol","iat":900"#, #","jti":"2","sub":"carol","iat":950"#
    )
    #expect(try problem(one) == .upstreamUnavailable)
    #expect(list.fetched(Array("{}".utf8), atMilliseconds: 10_000) == nil)
    #expect(try problem(one) == nil)
    #expect(try problem(one) == nil)
    #expect(list.fetched(Array(#"{"jti":["1"]}"#.utf8), atMilliseconds: 10_000) == nil)
    #expect(try problem(one) == .credentialsInvalid)
    #expect(try problem(two) == nil)
    #expect(list.fetched(Array(#"{"sub":{"carol":940}}"#.utf8), atMilliseconds: 10_000) == nil)
    #expect(try problem(one) == .credentialsInvalid)
    #expect(try problem(two) == nil)
    #expect(try problem(#","sub":"carol""#) == .credentialsInvalid)
    #expect(list.fetched(Array(#"{"sid":["s"]}"#.utf8), atMilliseconds: 10_000) == nil)
    #expect(try problem(#","sid":"s""#) == .credentialsInvalid)
    #expect(try problem(one) == nil)
  }

  @Test func `A list that is none changes nothing, and one that is old counts for nothing`() throws
  {
    let (policy, list) = make()
    #expect(list.fetched(Array(#"{"jti":["1"]}"#.utf8), atMilliseconds: 10_000) == nil)
    for text in [
      "", "[]", #"{"jti":"1"}"#, #"{"jti":[1]}"#, #"{"sub":["a"]}"#, #"{"sub":{"a":"b"}}"#,
    ] {
      #expect(list.fetched(Array(text.utf8), atMilliseconds: 11_000) != nil)
    }
    let revoked = try exchange(#","jti":"1""#)
    #expect(PolicyBench.problem(policy.review(revoked)) == .credentialsInvalid)
    let late = try exchange(#","jti":"2""#, at: 140_000)
    #expect(PolicyBench.problem(policy.review(late)) == .upstreamUnavailable)
  }

  @Test func `The list is asked for once a second`() {
    let list = make().list
    #expect(list.beginsFetch(atMilliseconds: 5_000))
    #expect(!list.beginsFetch(atMilliseconds: 5_100))
    list.failed()
    #expect(!list.beginsFetch(atMilliseconds: 5_999))
    #expect(list.beginsFetch(atMilliseconds: 6_000))
  }
}
