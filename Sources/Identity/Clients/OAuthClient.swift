import Blueprint
import Crypto
import Formats
import JOSE
import Storage

/// A client as requests need it: what it is, and what shows that it is this one.
struct OAuthClient: Sendable {
  /// A secret of the store.
  struct Secret: Sendable {
    let digest: Digest256
    /// When it ends, in milliseconds since 1970; nil for never.
    let expires: Int?
  }

  let blueprint: ClientBlueprint
  /// The secrets of the store, as keyed hashes.
  let secrets: [Secret]
  let isDisabled: Bool
  /// What verifies its assertions; nil if it has no keys.
  let keys: VerificationKeys?

  /// Ways to sign that clients may use: none that both sides hold the secret of.
  static let algorithms: [SignatureAlgorithm] = [.es256, .eddsa, .ps256, .rs256]

  var id: String { blueprint.id }
  /// The audiences that the client is itself, as an API that gets tokens.
  var audiences: Set<String> { Set(blueprint.audiences) }

  /// A client of the configuration file.
  init(_ blueprint: ClientBlueprint, secrets: [Secret] = [], isDisabled: Bool = false) {
    self.blueprint = blueprint
    self.secrets = secrets
    self.isDisabled = isDisabled
    keys = blueprint.keys.flatMap { try? JSONWebKeySet(json: Array($0.utf8)) }.map {
      VerificationKeys($0.keys, algorithms: Set(OAuthClient.algorithms))
    }
  }

  /// A client of the store.
  init(_ id: String, _ body: JSONValue) {
    let secrets = (body["secrets"]?.elements ?? []).compactMap { value -> Secret? in
      guard let text = value["digest"]?.string, let digest = Digest256(hex: text) else {
        return nil
      }
      return Secret(digest: digest, expires: value["expires"]?.integer)
    }
    self.init(
      ClientForm.blueprint(id, body), secrets: secrets,
      isDisabled: body["disabled"]?.boolean ?? false)
  }

  /// Whether a secret is one of the client's; all of them are compared, whatever the first says.
  func holds(_ secret: String, _ context: IdentityContext, at now: Int) -> Bool {
    let plain = SHA256Hasher().hash(secret.utf8.span)
    let keyed = context.pepper.hash(plain)
    var isOne = false
    for digest in blueprint.secrets {
      let words = (digest.first, digest.second, digest.third, digest.fourth)
      if Digest256(words: words).constantTimeEquals(plain) { isOne = true }
    }
    for known in secrets where known.expires.map({ $0 > now }) ?? true {
      if known.digest.constantTimeEquals(keyed) { isOne = true }
    }
    return isOne
  }

  /// Whether the client may get tokens by a grant; throws if not (RFC 6749 §5.2).
  func check(_ grant: ClientBlueprint.Grant) throws(OAuthError) {
    guard blueprint.grants.contains(grant) else { throw .unauthorizedClient(grant.rawValue) }
  }

  /// The scopes asked for, all of which the client must have; without any, those that stand for it.
  func scopes(_ asked: [String]?, orElse usual: [String]) throws(OAuthError) -> [String] {
    guard let asked else { return usual }
    for scope in asked where !blueprint.scopes.contains(scope) { throw .invalidScope }
    return asked
  }
}
