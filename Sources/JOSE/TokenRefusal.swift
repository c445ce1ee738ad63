/// Why a token is refused. It is for the operator's log; a client learns no more than that it is.
public enum TokenRefusal: Error, CaseIterable, Sendable {
  case tooLarge, form, encrypted, header, critical, algorithm, type, unknownKey, signature, claims
  case noExpiry, expired, notYetValid, issuedInFuture, tooOld, issuer, audience, subject, claim
  case binding, proof, proofTime, replayed, tooMany, decryption

  /// What is wrong, in one clause.
  public var reason: StaticString {
    switch self {
    case .tooLarge: "the token is longer than allowed"
    case .form: "the token is not three parts of base64url with dots between them"
    case .encrypted: "the token is encrypted, and a signed one is asked for"
    case .header: "the header is no JSON object of the right types"
    case .critical: "the header names an extension as critical, or an unencoded payload"
    case .algorithm: "the algorithm is none of those that are allowed"
    case .type: "the header says that this is another type of token"
    case .unknownKey: "no key of that name fits the algorithm"
    case .signature: "the signature is wrong"
    case .claims: "the payload is no JSON object of the right types"
    case .noExpiry: "the token never expires"
    case .expired: "the token has expired"
    case .notYetValid: "the token is not valid yet"
    case .issuedInFuture: "the token was issued in the future"
    case .tooOld: "the token was issued longer ago than allowed"
    case .issuer: "the issuer is missing or another one"
    case .audience: "the audience is missing or another one"
    case .subject: "the subject is missing, or cannot be sent on"
    case .claim: "a claim that is asked for is missing or has another value"
    case .binding: "the token is bound to a key that the sender did not show"
    case .proof: "the proof of possession is missing, malformed, or for another request"
    case .proofTime: "the proof of possession is too old, or from the future"
    case .replayed: "this was sent before"
    case .tooMany: "too many were sent to tell whether this was sent before"
    case .decryption: "the token cannot be decrypted"
    }
  }
}

extension TokenRefusal: CustomStringConvertible {
  public var description: String { "\(reason)" }
}
