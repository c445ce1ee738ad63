import Base
import Crypto
public import Formats
import HTTP
import JOSE
public import PolicyKit

/// `jwt`: tells who calls by a signed token (RFC 7519), as OAuth 2.0 and OpenID Connect issue them.
public final class JWTPolicy: CredentialPolicy, DocumentPolicy {
  private static let invalid: StaticString = "Bearer realm=\"gatehouse\", error=\"invalid_token\""
  private static let invalidProof: StaticString =
    "DPoP realm=\"gatehouse\", error=\"invalid_dpop_proof\", algs=\"ES256 EdDSA RS256 PS256\""
  /// RFC 9449 §7.1.
  private static let proofWanted: StaticString =
    "DPoP realm=\"gatehouse\", algs=\"ES256 EdDSA RS256 PS256\""
  private static let invalidWithProof: StaticString =
    "DPoP realm=\"gatehouse\", error=\"invalid_token\", algs=\"ES256 EdDSA RS256 PS256\""
  private static let insufficient: StaticString =
    "Bearer realm=\"gatehouse\", error=\"insufficient_scope\""

  /// What is checked here.
  public static let kind = CredentialKinds.token

  private let place: BearerToken
  private let keeps: Bool
  private let keys: TokenKeys
  private let identity: TokenIdentity
  private let scopes: Set<String>
  private let cache: IdentityCache?
  private let proof: TokenProof
  private let revocations: RevocationSource?
  /// What the cache tells this policy's rules by.
  private let stamp: UInt32
  private let hasher = SHA256Hasher()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let read = JWTSettings(&settings, at: site)
    place = read.place
    keeps = read.keeps
    keys = read.keys
    identity = read.identity
    scopes = read.scopes
    cache = read.cache
    proof = read.proof
    revocations = read.revocations
    stamp = cache?.stamp(for: read.fingerprint) ?? 0
  }

  /// The key set behind a URL, if that is where the keys are from, and the list of revoked tokens.
  public var documents: [any RemoteDocument] {
    var documents: [any RemoteDocument] = []
    if let set = keys.document { documents.append(set) }
    if let revocations { documents.append(revocations) }
    return documents.filter { !OwnIssuer.hands(over: $0) }
  }

  /// What a client is told that shows no token.
  public var challenge: StaticString? {
    proof.demand == .dpop ? JWTPolicy.proofWanted : "Bearer realm=\"gatehouse\""
  }

  /// Takes tokens out of the request.
  public func withdraw(from exchange: inout Exchange) {
    if !keeps { place.remove(from: &exchange.request.fields) }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    switch place.find(exchange.request.fields) {
    case .none:
      return .deny(Denial(.credentialsRequired, challenge: challenge))
    case .malformed: return refuse(.form)
    case .token(let token, let isProof): return review(&exchange, token, isProof: isProof)
    }
  }

  private func review(_ exchange: inout Exchange, _ token: Slice, isProof: Bool) -> Verdict {
    let digest = hasher.hash(exchange.request.fields[token])
    exchange.notes(credential: digest.words.0)
    let stamp = UInt64(self.stamp) << 32 | UInt64(keys.generation)
    var found = cache?.find(digest, stamp: stamp, nowMilliseconds: exchange.wallMilliseconds)
    if found == nil, let verdict = verify(exchange, token, digest, &found) { return verdict }
    guard let found = found.flatMap({ current($0, digest, stamp, exchange.live) }) else {
      return refuse(.subject)
    }
    if let refusal = revoked(found.consumer, exchange.start) { return refusal }
    if found.binding != nil || isProof || proof.demand != .none {
      do throws(TokenRefusal) {
        try proof.check(found.binding, isProof: isProof, token: digest, &exchange)
      } catch {
        return refuse(error)
      }
    }
    guard scopes.isEmpty || scopes.isSubset(of: found.consumer.scopes ?? []) else {
      return .deny(
        Denial(
          .accessDenied, challenge: JWTPolicy.insufficient, reason: "the token lacks a scope"))
    }
    identify(found.consumer, &exchange)
    if !keeps { place.remove(from: &exchange.request.fields) }
    return .proceed
  }

  /// Who a right token is of now; nil for a consumer of the store that is disabled or gone.
  @inline(__always)
  private func current(
    _ known: KnownIdentity, _ digest: Digest256, _ stamp: UInt64, _ live: LiveDirectory?
  ) -> KnownIdentity? {
    if known.holds(in: live) { return known }
    guard let renewed = try? identity.renewed(known, live) else { return nil }
    cache?.replace(digest, stamp: stamp, identity: renewed)
    return renewed
  }

  /// Why a token that was right no longer counts, or cannot be known to; nil if it counts.
  private func revoked(_ consumer: Consumer, _ start: Instant) -> Verdict? {
    guard let revocations else { return nil }
    guard let list = revocations.revocations(atMilliseconds: start.nanoseconds / 1_000_000) else {
      return .deny(
        Denial(
          .upstreamUnavailable, retryAfterSeconds: 1,
          reason: "which tokens are revoked is not known"))
    }
    guard let claims = consumer.claims?.root, list.holds(claims) else { return nil }
    return .deny(
      Denial(
        .credentialsInvalid, challenge: JWTPolicy.invalid, reason: "the token was revoked"))
  }

  /// Verifies a token that is not in the cache; nil if it is right, and then `found` is whose.
  private func verify(
    _ exchange: borrowing Exchange, _ token: Slice, _ digest: Digest256,
    _ found: inout KnownIdentity?
  ) -> Verdict? {
    // Read before the keys: a set that changes meanwhile makes the entry useless, not wrong.
    let stamp = UInt64(self.stamp) << 32 | UInt64(keys.generation)
    guard let verifier = keys.verifier(atMilliseconds: exchange.start.nanoseconds / 1_000_000)
    else {
      return .deny(
        Denial(
          .upstreamUnavailable, retryAfterSeconds: 1, reason: "the issuer's keys are not known yet")
      )
    }
    let now = exchange.wallMilliseconds
    do throws(TokenRefusal) {
      let verified = try verifier.verify(exchange.request.fields[token], nowUnixMilliseconds: now)
      let known = try identity.identity(verified, exchange.live)
      cache?.keep(
        digest, stamp: stamp, expiryMilliseconds: UInt64(verified.expiryUnixSeconds * 1000),
        nowMilliseconds: now, identity: known)
      found = known
      return nil
    } catch {
      // The key of another issuer's token is not missed.
      if error == .unknownKey, keys.document != nil,
        verifier.isOfIssuer(exchange.request.fields[token])
      {
        keys.document?.keyIsUnknown()
      }
      return refuse(error)
    }
  }

  private func refuse(_ refusal: TokenRefusal) -> Verdict {
    let isAboutProof = refusal == .proof || refusal == .proofTime || refusal == .replayed
    let wanted = proof.demand == .dpop ? JWTPolicy.invalidWithProof : JWTPolicy.invalid
    return .deny(
      Denial(
        .credentialsInvalid, challenge: isAboutProof ? JWTPolicy.invalidProof : wanted,
        reason: refusal.reason))
  }
}
