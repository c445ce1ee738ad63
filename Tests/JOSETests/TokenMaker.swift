import Crypto
import Formats
import JOSE

/// Signs tokens for tests, right ones and wrong ones.
struct TokenMaker {
  static let now: UInt64 = 1_800_000_000
  static let claims =
    #"{"iss":"https://id.example","aud":"shop","sub":"alice","exp":1800000060,"scope":"a b"}"#

  let key: JSONWebKey
  let algorithm: SignatureAlgorithm

  /// A new key pair on P-256.
  init(identifier: String? = "k1") throws {
    let pair = try PrivateKey.generateP256()
    key = JSONWebKey(.keyPair(pair, try pair.publicKey()), identifier: identifier)
    algorithm = .es256
  }

  /// A secret of so many bytes.
  init(secretBytes: Int, _ algorithm: SignatureAlgorithm = .hs256) {
    key = JSONWebKey(.secret(SymmetricKey([UInt8](repeating: 7, count: secretBytes))))
    self.algorithm = algorithm
  }

  /// A token with these claims, signed.
  func token(_ claims: String = claims, type: String? = nil) throws -> String {
    try SignatureWriter(key, algorithm).sign(Array(claims.utf8), type: type)
  }

  /// A token with this header, and the signature of another one or none.
  static func token(header: String, claims: String = claims, signature: String = "AAAA") -> String {
    [header, claims].map { text in Base64.encode(text.utf8.span) }.joined(separator: ".")
      + "." + signature
  }

  /// The rules that the claims above keep.
  static func rules(leeway: Int = 0) -> ClaimRules {
    ClaimRules(
      issuers: ["https://id.example"], audiences: ["shop"], leewaySeconds: leeway)
  }

  /// Why a token is refused, or nil.
  func refusal(
    _ token: String, type: TokenTypeRule = .accessOrUnsaid, rules: ClaimRules = rules(),
    algorithms: Set<SignatureAlgorithm>? = nil, at seconds: UInt64 = now
  ) -> TokenRefusal? {
    let keys = VerificationKeys([key], algorithms: algorithms ?? [algorithm])
    let verifier = TokenVerifier(keys: keys, type: type, rules: rules)
    do throws(TokenRefusal) {
      _ = try verifier.verify(token.utf8.span, nowUnixMilliseconds: seconds * 1000)
      return nil
    } catch {
      return error
    }
  }
}
