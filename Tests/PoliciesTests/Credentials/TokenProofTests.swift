import Base
import Crypto
import Formats
import HTTP
import JOSE
import PolicyKit
import Testing

@testable import Policies

/// Tokens that are bound to a certificate (RFC 8705) or to a key (RFC 9449). JWT-19.
@Suite struct TokenProofTests {
  private static let now = 1_800_000_000

  private let secret = [UInt8](repeating: 7, count: 32)
  private let holder: PrivateKey
  private let jwk: String
  private let thumbprint: String

  init() throws {
    let bytes = try SecureRandom.bytes(32)
    holder = try PrivateKey(curve: .ed25519, bytes: bytes.span)
    let known = try #require(holder.rawPublicBytes)
    jwk = #"{"kty":"OKP","crv":"Ed25519","x":"\#(Base64.encode(known.span))"}"#
    let digest = try #require(
      JSONWebKey.thumbprint(try JSONIndex(Array(jwk.utf8)).root)
    ).bytes
    thumbprint = Base64.encode(digest.span)
  }

  private func policy(_ more: String = "") -> JWTPolicy {
    let text = Base64.encode(secret.span, .standard)
    let (policy, report) = PolicyBench.make(
      JWTPolicy.self,
      "{ issuer: https://id.example, audience: shop, secret: 'base64:\(text)'\(more) }")
    #expect(report == "")
    return policy
  }

  private func token(_ confirmation: String?) throws -> String {
    let cnf = confirmation.map { #","cnf":\#($0)"# } ?? ""
    let claims =
      #"{"iss":"https://id.example","aud":"shop","sub":"carol","exp":1800000600\#(cnf)}"#
    return try SignatureWriter(JSONWebKey(.secret(SymmetricKey(secret))), .hs256)
      .sign(Array(claims.utf8))
  }

  /// A proof with these parts, all of them right unless something else is said.
  private func proof(
    _ token: String, jti: String = "\"j1\"", method: String = "GET",
    url: String = "https://api.example/things", at: Int = now, type: String = "dpop+jwt",
    algorithm: String = "EdDSA", jwk other: String? = nil, hash: String? = nil,
    signer: PrivateKey? = nil
  ) throws -> String {
    let digest = SHA256Hasher().hash(token.utf8.span).bytes
    let header = #"{"typ":"\#(type)","alg":"\#(algorithm)","jwk":\#(other ?? jwk)}"#
    let claims =
      #"{"jti":\#(jti),"htm":"\#(method)","htu":"\#(url)","iat":\#(at),"#
      + #""ath":"\#(hash ?? Base64.encode(digest.span))"}"#
    let message = Base64.encode(header.utf8.span) + "." + Base64.encode(claims.utf8.span)
    let signature = try SignatureMaker(signer ?? holder, .eddsa).sign(message.utf8.span)
    return message + "." + Base64.encode(signature.span)
  }

  private func review(
    _ policy: JWTPolicy, _ token: String, scheme: String = "DPoP", proofs: [String] = [],
    peer: PeerCertificate? = nil, isSecure: Bool = true
  ) -> (reason: String?, sent: String?) {
    let fields = [("authorization", "\(scheme) \(token)")] + proofs.map { ("dpop", $0) }
    let exchange = PolicyBench.exchange(fields)
    exchange.wallMilliseconds = UInt64(TokenProofTests.now) * 1000
    exchange.isSecure = isSecure
    exchange.peer = peer
    exchange.request.methodText = exchange.request.fields.store("GET")
    exchange.request.host = exchange.request.fields.store("api.example")
    exchange.request.path = exchange.request.fields.store("/things")
    let verdict = policy.review(exchange)
    let sent = PolicyBench.value(exchange.request.fields, "dpop")
    if case .deny(let denial) = verdict { return ("\(denial.reason)", sent) }
    return (nil, sent)
  }

  private func error(_ refusal: TokenRefusal) -> String { refusal.description }

  @Test func `A bound token with its proof is taken once, and the proof goes no further`() throws {
    let policy = policy()
    let token = try token(#"{"jkt":"\#(thumbprint)"}"#)
    for number in 0..<3 {
      let proof = try proof(token, jti: "\"n\(number)\"")
      let first = review(policy, token, proofs: [proof])
      #expect(first.reason == nil)
      #expect(first.sent == nil)
      #expect(review(policy, token, proofs: [proof]).reason == error(.replayed))
    }
  }

  @Test func `A bound token is nobody's without its proof`() throws {
    let policy = policy()
    let token = try token(#"{"jkt":"\#(thumbprint)"}"#)
    let good = try proof(token)
    #expect(review(policy, token).reason == error(.proof))
    #expect(review(policy, token, scheme: "Bearer", proofs: [good]).reason == error(.binding))
    #expect(review(policy, token, scheme: "Bearer").reason == error(.binding))
    #expect(review(policy, token, proofs: [good, good]).reason == error(.proof))
  }

  @Test func `A token that is not bound does not come with a proof`() throws {
    let token = try token(nil)
    #expect(review(policy(), token, proofs: [try proof(token)]).reason == error(.binding))
    #expect(review(policy(), token, scheme: "Bearer").reason == nil)
  }

  @Test func `A proof for something else is refused`() throws {
    let policy = policy()
    let token = try token(#"{"jkt":"\#(thumbprint)"}"#)
    let other = try PrivateKey(curve: .ed25519, bytes: [UInt8](repeating: 3, count: 32).span)
    let otherX = try #require(other.rawPublicBytes)
    let otherJWK = #"{"kty":"OKP","crv":"Ed25519","x":"\#(Base64.encode(otherX.span))"}"#
    let wrong: [(String, TokenRefusal)] = [
      (try proof(token, method: "POST"), .proof), (try proof(token, method: "get"), .proof),
      (try proof(token, url: "https://api.example/thing"), .proof),
      (try proof(token, url: "http://api.example/things"), .proof),
      (try proof(token, url: "https://api.example:8443/things"), .proof),
      (try proof(token, url: "https://api.example.evil/things"), .proof),
      (try proof(token, url: "https://user@api.example/things"), .proof),
      (try proof(token, url: "/things"), .proof),
      (try proof(token, at: TokenProofTests.now - 91), .proofTime),
      (try proof(token, at: TokenProofTests.now + 31), .proofTime),
      (try proof(token, jti: "7"), .proof), (try proof(token, jti: "\"\""), .proof),
      (try proof(token, type: "JWT"), .proof), (try proof(token, algorithm: "none"), .proof),
      (try proof(token, algorithm: "HS256"), .proof),
      (try proof(token, algorithm: "ES256"), .proof),
      (try proof(token, hash: "AAAA"), .proof), (try proof("other"), .proof),
      (try proof(token, signer: other), .proof),
      (try proof(token, jwk: otherJWK, signer: other), .binding),
      (String(try proof(token).dropLast()), .proof), ("", .proof), ("a.b.c", .proof),
    ]
    for (proof, refusal) in wrong {
      #expect(review(policy, token, proofs: [proof]).reason == error(refusal), "\(proof)")
    }
    let odd = ["HTTPS://API.example:443/things?x=1#y", "https://api.example/things"]
    for (number, url) in odd.enumerated() {
      let proof = try proof(token, jti: "\"u\(number)\"", url: url)
      #expect(review(policy, token, proofs: [proof]).reason == nil)
    }
  }

  @Test func `The origin that clients call may be another one`() throws {
    let policy = policy(", url: 'https://shop.example'")
    let token = try token(#"{"jkt":"\#(thumbprint)"}"#)
    let right = try proof(token, url: "https://shop.example/things")
    #expect(review(policy, token, proofs: [right], isSecure: false).reason == nil)
    let wrong = try proof(token, jti: "\"2\"")
    #expect(review(policy, token, proofs: [wrong]).reason == error(.proof))
  }

  @Test func `A token that is bound to a certificate needs that certificate`() throws {
    func peer(_ byte: UInt8) -> PeerCertificate {
      PeerCertificate(
        fingerprint: [UInt8](repeating: byte, count: 32), subject: "CN=a", issuer: "CN=b",
        commonName: "a", dnsNames: [], uris: [], emails: [])
    }
    let policy = policy()
    let own = [UInt8](repeating: 5, count: 32)
    let token = try token(##"{"x5t#S256":"\##(Base64.encode(own.span))"}"##)
    for _ in 0..<2 {
      #expect(review(policy, token, scheme: "Bearer", peer: peer(5)).reason == nil)
      #expect(review(policy, token, scheme: "Bearer", peer: peer(6)).reason == error(.binding))
      #expect(review(policy, token, scheme: "Bearer").reason == error(.binding))
    }
  }

  @Test(arguments: [
    "{}", "[]", "1", "null", #"{"jkt":"AAAA"}"#, #"{"jkt":7}"#, #"{"jwk":{"kty":"oct"}}"#,
    #"{"kid":"x"}"#, ##"{"x5t#S256":"AA"}"##,
  ]) func `A binding that is not known is not passed by`(confirmation: String) throws {
    let token = try token(confirmation)
    #expect(review(policy(), token, scheme: "Bearer").reason == error(.binding))
  }

  @Test func `A policy may ask for tokens that are bound`() throws {
    let plain = try token(nil)
    for demand in ["any", "certificate", "dpop"] {
      let policy = policy(", bound: \(demand)")
      #expect(review(policy, plain, scheme: "Bearer").reason == error(.binding))
    }
    let bound = try token(#"{"jkt":"\#(thumbprint)"}"#)
    #expect(
      review(policy(", bound: certificate"), bound, proofs: [try proof(bound)]).reason
        == error(.binding))
    #expect(review(policy(", bound: dpop"), bound, proofs: [try proof(bound)]).reason == nil)
  }
}
