import Base
import Crypto
public import Formats
import HTTP
import JOSE
public import PolicyKit

/// `jwt`: tells who calls by a signed token (RFC 7519), as OAuth 2.0 and OpenID Connect issue them.
public final class JWTPolicy: RequestPolicy, DocumentPolicy {
  private static let challenge: StaticString = "Bearer realm=\"gatehouse\""
  private static let invalid: StaticString = "Bearer realm=\"gatehouse\", error=\"invalid_token\""
  private static let insufficient: StaticString =
    "Bearer realm=\"gatehouse\", error=\"insufficient_scope\""

  private let place: BearerToken
  private let keeps: Bool
  private let keys: TokenKeys
  private let identity: TokenIdentity
  private let scopes: Set<String>
  private let cache: TokenCache?
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
    stamp = cache?.stamp(for: read.fingerprint) ?? 0
  }

  /// The key set behind a URL, if that is where the keys are from.
  public var documents: [any RemoteDocument] { keys.document.map { [$0] } ?? [] }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    switch place.find(exchange.request.fields) {
    case .none:
      return .deny(Denial(.credentialsRequired, challenge: JWTPolicy.challenge))
    case .malformed: return refuse(.form)
    case .token(let token):
      let digest = hasher.hash(exchange.request.fields[token])
      let stamp = UInt64(self.stamp) << 32 | UInt64(keys.generation)
      let known = cache?.find(
        digest, stamp: stamp, nowMilliseconds: exchange.wallMilliseconds)
      if let known {
        exchange.consumer = known
      } else if let verdict = verify(&exchange, token, digest) {
        return verdict
      }
      guard mayPass(exchange.consumer) else {
        return .deny(
          Denial(
            .accessDenied, challenge: JWTPolicy.insufficient, reason: "the token lacks a scope"))
      }
      if !keeps { place.remove(from: &exchange.request.fields) }
      return .proceed
    }
  }

  /// Verifies a token that is not in the cache; nil if it is right.
  private func verify(
    _ exchange: inout Exchange, _ token: Slice, _ digest: Digest256
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
      let consumer = try identity.consumer(verified)
      cache?.keep(
        digest, stamp: stamp, expiryMilliseconds: UInt64(verified.expiryUnixSeconds * 1000),
        nowMilliseconds: now, consumer: consumer)
      exchange.consumer = consumer
      return nil
    } catch {
      if error == .unknownKey { keys.document?.keyIsUnknown() }
      return refuse(error)
    }
  }

  /// Whether the token has the scopes that are asked for.
  private func mayPass(_ consumer: Consumer?) -> Bool {
    scopes.isEmpty || scopes.isSubset(of: consumer?.scopes ?? [])
  }

  private func refuse(_ refusal: TokenRefusal) -> Verdict {
    .deny(Denial(.credentialsInvalid, challenge: JWTPolicy.invalid, reason: refusal.reason))
  }
}
