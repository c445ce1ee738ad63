import Crypto
import Formats
import JOSE
import Testing

@Suite struct TokenVerifierTests {
  private func claims(_ change: String) -> String {
    #"{"iss":"https://id.example","aud":"shop","exp":1800000060,\#(change)}"#
  }

  @Test func `A token that keeps all rules is taken`() throws {
    let maker = try TokenMaker()
    #expect(maker.refusal(try maker.token()) == nil)
    #expect(maker.refusal(try maker.token(type: "at+jwt")) == nil)
    #expect(maker.refusal(try maker.token(type: "application/AT+JWT")) == nil)
  }

  // JWT-01, JWT-02: the algorithm is never the token's to choose.
  @Test(arguments: ["none", "None", "NONE", "nOnE", "none ", "", "HS256", "RS256", "XX"])
  func `An algorithm that was not asked for is refused`(name: String) throws {
    let maker = try TokenMaker()
    let token = TokenMaker.token(header: #"{"alg":"\#(name)","kid":"k1"}"#)
    let refusal = maker.refusal(token)
    #expect(refusal == .algorithm || refusal == .unknownKey)
    let bare = TokenMaker.token(header: #"{"alg":"\#(name)","kid":"k1"}"#, signature: "")
    #expect(maker.refusal(bare) != nil)
  }

  // JWT-02: a public key is no secret.
  @Test func `A code keyed with the public key is refused`() throws {
    let maker = try TokenMaker()
    let pem = [UInt8](repeating: 65, count: 64)
    let forger = JSONWebKey(.secret(SymmetricKey(pem)), identifier: "k1")
    let forged = try SignatureWriter(forger, .hs256).sign(Array(TokenMaker.claims.utf8))
    #expect(maker.refusal(forged, algorithms: [.es256, .hs256]) == .unknownKey)
  }

  // JWT-04, JWT-05, JWT-06.
  @Test(arguments: [
    (#"{"alg":"ES256","kid":"../../k1"}"#, TokenRefusal.unknownKey),
    (#"{"alg":"ES256","kid":"k1' or 1=1"}"#, .unknownKey),
    (#"{"alg":"ES256","kid":1}"#, .header),
    (#"{"alg":"ES256","kid":"k1","crit":["exp"]}"#, .critical),
    (#"{"alg":"ES256","kid":"k1","crit":[]}"#, .critical),
    (#"{"alg":"ES256","kid":"k1","b64":false}"#, .critical),
    (#"{"alg":"ES256","kid":"k1","enc":"A128GCM"}"#, .encrypted),
    (#"{"alg":"ES256","kid":"k1","jku":"http://x/","jwk":{},"x5u":"a"}"#, .signature),
    (#"{"alg":"ES256","alg":"ES256","kid":"k1"}"#, .header),
    (#"{"alg":["ES256"]}"#, .header), (#"["ES256"]"#, .header), ("", .header), ("{", .header),
    (#"{"kid":"k1"}"#, .header), ("{\"alg\":\"ES256\",\"typ\":1}", .header),
  ]) func `A header that is not as it must be is refused`(
    header: String, wanted: TokenRefusal
  ) throws {
    let signature = String(repeating: "A", count: 85) + "Q"
    let token = TokenMaker.token(header: header, signature: signature)
    #expect(try TokenMaker().refusal(token) == wanted)
  }

  // JWT-07.
  @Test func `A token has one form alone`() throws {
    let maker = try TokenMaker()
    let token = try maker.token()
    let parts = token.split(separator: ".").map(String.init)
    let wrong = [
      "", ".", "..", "...", parts[0], parts[0] + "." + parts[1], token + ".",
      token + "." + parts[2],
      token + "=", " " + token, token + "\n", parts[0] + "=." + parts[1] + "." + parts[2],
      parts[0] + ".." + parts[2], parts[0] + "." + parts[1] + ".", token + "A",
      String(token.dropLast()), token.replacing("e", with: "+", maxReplacements: 1),
    ]
    for text in wrong { #expect(maker.refusal(text) != nil, "\(text)") }
    // The last character of 64 bytes has four bits that stand for nothing.
    let unused = token.dropLast() + (token.hasSuffix("A") ? "B" : "\(token.last ?? "A")")
    if unused != token { #expect(maker.refusal(String(unused)) != nil) }
    #expect(maker.refusal(String(repeating: "a", count: 20_000)) == .tooLarge)
  }

  // JWT-09.
  @Test(arguments: [
    (#"{"iss":"https://id.example","aud":"shop"}"#, TokenRefusal.noExpiry),
    (#"{"iss":"https://id.example","aud":"shop","exp":"1800000060"}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":null}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":true}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":[1800000060]}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":1e999}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":1e17}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":1800000000}"#, .expired),
    (#"{"iss":"https://id.example","aud":"shop","exp":-1}"#, .expired),
    (#"{"iss":"https://id.example","aud":"shop","exp":0}"#, .expired),
    (#"{"iss":"https://id.example","aud":"shop","exp":1800000060,"nbf":1800000001}"#, .notYetValid),
    (#"{"iss":"https://id.example","aud":"shop","exp":1800000060,"nbf":"1"}"#, .claims),
    (
      #"{"iss":"https://id.example","aud":"shop","exp":1800000060,"iat":1800000001}"#,
      .issuedInFuture
    ),
    (#"{"iss":"https://id.example","aud":"shop","exp":1800000060,"iat":"x"}"#, .claims),
    (#"{"iss":"https://id.example","aud":"shop","exp":1800000060,"exp":1800000060}"#, .claims),
    (#"[{"exp":1800000060}]"#, .claims), ("", .claims), ("null", .claims), ("{} x", .claims),
  ]) func `Times that are not as they must be are refused`(
    claims: String, wanted: TokenRefusal
  ) throws {
    let maker = try TokenMaker()
    #expect(maker.refusal(try maker.token(claims)) == wanted)
  }

  @Test func `A fraction of a second counts, and the leeway`() throws {
    let maker = try TokenMaker()
    let text = #"{"iss":"https://id.example","aud":"shop","exp":1800000000.5}"#
    let token = try maker.token(text)
    #expect(maker.refusal(token) == nil)
    #expect(maker.refusal(token, at: TokenMaker.now + 1) == .expired)
    #expect(
      maker.refusal(token, rules: TokenMaker.rules(leeway: 60), at: TokenMaker.now + 60) == nil)
    #expect(
      maker.refusal(token, rules: TokenMaker.rules(leeway: 60), at: TokenMaker.now + 61)
        == .expired)
  }

  // JWT-10.
  @Test(arguments: [
    (#"{"aud":"shop","exp":1800000060}"#, TokenRefusal.issuer),
    (#"{"iss":"https://id.example/","aud":"shop","exp":1800000060}"#, .issuer),
    (#"{"iss":"HTTPS://id.example","aud":"shop","exp":1800000060}"#, .issuer),
    (#"{"iss":["https://id.example"],"aud":"shop","exp":1800000060}"#, .claims),
    (#"{"iss":"https://id.example","exp":1800000060}"#, .audience),
    (#"{"iss":"https://id.example","aud":"shop2","exp":1800000060}"#, .audience),
    (#"{"iss":"https://id.example","aud":"sho","exp":1800000060}"#, .audience),
    (#"{"iss":"https://id.example","aud":[],"exp":1800000060}"#, .audience),
    (#"{"iss":"https://id.example","aud":["Shop","x"],"exp":1800000060}"#, .audience),
    (#"{"iss":"https://id.example","aud":["shop",1],"exp":1800000060}"#, .claims),
    (#"{"iss":"https://id.example","aud":{"shop":1},"exp":1800000060}"#, .claims),
  ]) func `Another issuer or audience is refused`(claims: String, wanted: TokenRefusal) throws {
    let maker = try TokenMaker()
    #expect(maker.refusal(try maker.token(claims)) == wanted)
  }

  @Test func `One of several audiences is enough, and escapes are the same text`() throws {
    let maker = try TokenMaker()
    let text = #"{"iss":"https:\/\/id.example","aud":["x","sh\u006fp"],"exp":1800000060}"#
    #expect(maker.refusal(try maker.token(text)) == nil)
  }

  // JWT-11.
  @Test func `Another type of token is refused`() throws {
    let maker = try TokenMaker()
    for type in ["dpop+jwt", "logout+jwt", "secevent+jwt", "ID", ""] {
      #expect(maker.refusal(try maker.token(type: type)) == .type)
    }
    #expect(maker.refusal(try maker.token(), type: .access) == .type)
    #expect(maker.refusal(try maker.token(type: "JWT"), type: .access) == .type)
    // RFC 9068 §2.2: what such a token has to have.
    #expect(maker.refusal(try maker.token(type: "at+jwt"), type: .access) == .claim)
    let members = ["sub": "\"a\"", "client_id": "\"c\"", "iat": "1800000000", "jti": "\"1\""]
    for missing in [nil] + members.keys.sorted() {
      let more = members.filter { $0.key != missing }.map { #","\#($0.key)":\#($0.value)"# }
      let text = #"{"iss":"https://id.example","aud":"shop","exp":1800000060\#(more.joined())}"#
      let found = maker.refusal(try maker.token(text, type: "at+jwt"), type: .access)
      #expect(found == (missing == nil ? nil : .claim))
    }
    let identity = claims(#""at_hash":"77QmUPtjPfzWtF2AnpK9RQ""#)
    #expect(maker.refusal(try maker.token(identity)) == .type)
  }

  // JWT-03.
  @Test func `A secret that is too short verifies nothing`() throws {
    let maker = TokenMaker(secretBytes: 31)
    let long = TokenMaker(secretBytes: 32)
    #expect(maker.refusal(try long.token()) == .unknownKey)
    #expect(long.refusal(try long.token()) == nil)
    #expect(throws: KeyError.self) { try maker.token() }
  }

  @Test func `A claim that is asked for must be there`() throws {
    let maker = try TokenMaker()
    var rules = TokenMaker.rules()
    rules.required = [RequiredClaim("realm.role", values: ["admin", "7"])]
    let right = [
      #""realm":{"role":"admin"}"#, #""realm":{"role":["x","admin"]}"#, #""realm.role":"admin""#,
      #""realm":{"role":7}"#,
    ]
    for text in right { #expect(maker.refusal(try maker.token(claims(text)), rules: rules) == nil) }
    let wrong = [
      #""x":1"#, #""realm":"admin""#, #""realm":{"role":"user"}"#, #""realm":{"role":null}"#,
      #""realm":{"role":{"admin":1}}"#, #""realm":{"role":[["admin"]]}"#,
    ]
    for text in wrong {
      #expect(maker.refusal(try maker.token(claims(text)), rules: rules) == .claim)
    }
  }

  @Test func `An old token is refused if its age counts`() throws {
    let maker = try TokenMaker()
    var rules = TokenMaker.rules()
    rules.ageSecondsMax = 100
    let young = claims(#""iat":1799999900"#)
    let old = claims(#""iat":1799999899"#)
    #expect(maker.refusal(try maker.token(young), rules: rules) == nil)
    #expect(maker.refusal(try maker.token(old), rules: rules) == .tooOld)
    #expect(maker.refusal(try maker.token(claims(#""x":1"#)), rules: rules) == .tooOld)
  }

  @Test func `Any byte that changes makes the token wrong`() throws {
    let maker = try TokenMaker()
    let token = Array(try maker.token().utf8)
    for place in stride(from: 0, to: token.count, by: 3) {
      var changed = token
      changed[place] = changed[place] == 65 ? 66 : 65
      #expect(maker.refusal(String(decoding: changed, as: UTF8.self)) != nil, "\(place)")
    }
  }
}
