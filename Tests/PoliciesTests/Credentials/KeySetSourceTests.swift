import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit
import Testing

@testable import Policies

@Suite struct KeySetSourceTests {
  private func pair(_ name: String) throws -> (JSONWebKey, String) {
    let secret = try SecureRandom.bytes(32)
    let key = try PrivateKey(curve: .ed25519, bytes: secret.span)
    let known = try #require(key.rawPublicBytes)
    let x = Base64.encode(known.span)
    let json = #"{"kty":"OKP","crv":"Ed25519","kid":"\#(name)","x":"\#(x)"}"#
    return (JSONWebKey(.keyPair(key, try key.publicKey()), identifier: name), json)
  }

  private func token(_ key: JSONWebKey) throws -> String {
    let claims = #"{"iss":"https://id.example","aud":"shop","sub":"carol","exp":2000}"#
    return try SignatureWriter(key, .eddsa).sign(Array(claims.utf8))
  }

  private func exchange(_ token: String, atMilliseconds: UInt64 = 1_000_000) -> BenchExchange {
    let exchange = PolicyBench.exchange(
      [("authorization", "Bearer \(token)")], atMilliseconds: atMilliseconds)
    exchange.wallMilliseconds = 1_000_000
    return exchange
  }

  private let yaml = "{ issuer: https://id.example, audience: shop, jwks: 'https://id.example/k' }"

  @Test func `Keys come, change and go without a request that waits`() throws {
    let (policy, report) = PolicyBench.make(JWTPolicy.self, yaml)
    #expect(report == "")
    let source = try #require(policy.documents.first)
    let (first, firstJSON) = try pair("a")
    let (second, secondJSON) = try pair("b")
    let (old, new) = (try token(first), try token(second))
    func problem(_ token: String) -> Problem? {
      PolicyBench.problem(policy.review(exchange(token)))
    }
    #expect(problem(old) == .upstreamUnavailable)
    #expect(source.beginsFetch(atMilliseconds: 0))
    #expect(source.fetched(Array("{\"keys\":[\(firstJSON)]}".utf8), atMilliseconds: 1) == nil)
    #expect(problem(old) == nil)
    #expect(problem(new) == .credentialsInvalid)
    // The unknown key asks for one fetch, once the cool-down is over.
    #expect(!source.beginsFetch(atMilliseconds: 29_999))
    #expect(source.beginsFetch(atMilliseconds: 30_000))
    #expect(source.fetched(Array("{\"keys\":[\(secondJSON)]}".utf8), atMilliseconds: 30_001) == nil)
    #expect(problem(new) == nil)
    #expect(problem(old) == .credentialsInvalid)
    // Nonsense changes nothing, and is told to the operator.
    #expect(source.beginsFetch(atMilliseconds: 60_000))
    #expect(source.fetched(Array("<html>".utf8), atMilliseconds: 60_001) != nil)
    #expect(problem(new) == nil)
  }

  @Test func `A reload keeps the keys of a URL, and policies share them`() throws {
    let retained = RetainedState()
    let (first, _) = PolicyBench.make(JWTPolicy.self, yaml, retained: retained)
    let (second, _) = PolicyBench.make(JWTPolicy.self, yaml, retained: retained)
    #expect(first.documents.first === second.documents.first)
  }
}
