import Base
import Crypto
import Expression
public import Formats
import HTTP
import JOSE
public import PolicyKit

/// `oidc-logout`: where a provider says that a session has ended (OpenID Connect Back-Channel
/// Logout 1.0); answers itself.
public final class OIDCLogoutPolicy: BodyPolicy, DocumentPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "oidc-logout", stage: .inspection,
      summary: "Takes an OpenID provider's word that a session has ended.",
      options: [
        .init("issuer", "URL", default: "required", "the provider, as with `oidc`"),
        .init("client-id", "text", default: "required", "the client, as with `oidc`"),
        AuthoritySetting.option,
      ])
  }

  /// How long a logout token can be told from a new one: they are to be used at once.
  private static let replayMilliseconds: UInt64 = 600_000
  /// Longer than any session lives.
  private static let keptMilliseconds: UInt64 = 2_592_000_000

  private let provider: OIDCProvider
  private let tokens: IdentityTokens
  private let ended: EndedSessions
  private let replays = ReplayCache(lifetimeMilliseconds: replayMilliseconds)
  private let hasher = SHA256Hasher()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let client = settings.requiredString("client-id") ?? ""
    provider = OIDCSettings.provider(&settings, at: site)
    tokens = IdentityTokens(provider, client: client)
    ended = OIDCSettings.ended(provider.issuer, client, at: site)
  }

  /// What the provider says of itself, and its keys.
  public var documents: [any RemoteDocument] { [provider, provider.keys] }

  /// Ends what the logout token names; a token that is not right ends nothing.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    exchange.replyFields.append(name: "cache-control", text: "no-store")
    guard exchange.request.method == .post,
      case .string(let token) = ContentValues(content, exchange.request).value("logout_token")
    else { return .deny(Denial(.validationFailed, reason: "no logout token in a form")) }
    let now = exchange.wallMilliseconds
    do throws(TokenRefusal) {
      let ending = try tokens.ending(
        token, nowMilliseconds: now, atMilliseconds: exchange.start.nanoseconds / 1_000_000)
      let subject: EndedSessions.Subject
      switch (ending.session, ending.subject) {
      case (let session?, _): subject = .session(session)
      case (nil, let person?): subject = .person(person)
      case (nil, nil): throw .claim
      }
      let digest = hasher.hash(ending.identifier.utf8.span)
      let about = ended.digest(subject).words
      // Asked again about what it had written down, it has seen the token already.
      if exchange.outcome(of: ObjectIdentifier(self), about: about) == nil {
        let steady = exchange.start.nanoseconds / 1_000_000
        guard case .new = replays.note(digest, nowMilliseconds: steady) else { throw .replayed }
      }
      let refusal = ended.end(
        subject, untilMilliseconds: now + OIDCLogoutPolicy.keptMilliseconds, exchange, of: self)
      if let refusal {
        // The provider may send the same token again.
        if case .deny = refusal { replays.forget(digest) }
        return refusal
      }
      return .answer(status: 200)
    } catch {
      return .deny(Denial(.validationFailed, reason: error.reason))
    }
  }
}
