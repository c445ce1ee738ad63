import Blueprint
import Formats
import HTTP
import Storage

/// Makes a grant and its first tokens, out of something that is used up by it.
struct TokenIssue: Sendable {
  let ask: TokenAsk
  /// Of whom, and for what.
  let subject: String
  let scopes: [String]
  let resources: [String]
  let authenticatedAt: Int
  let methods: [String]
  let session: String?
  /// What is used up: of all who try, on whatever node, one succeeds.
  let consumed: VaultChange
  /// What the grant is found by when the same comes again.
  let source: String
  /// The key that was asked for in the request, if one was (RFC 9449 §10).
  var thumbprint: String?
  var nonce: String?
  var userInfoClaims: [String] = []
  var idTokenClaims: [String] = []

  /// The tokens; `conflict` says what comes of it if somebody else was faster.
  func outcome(
    orElse conflict: @escaping @Sendable () -> IdentityOutcome
  ) throws -> IdentityOutcome {
    let context = ask.context
    let user = try ask.user(subject)
    let asked = ask.form.all("resource")
    // RFC 8707 §2.2: no other resources than those that were asked for first.
    guard resources.isEmpty || Set(asked).isSubset(of: resources) else {
      throw OAuthError.invalidTarget
    }
    let target = try ask.call.settings.target(
      scopes: scopes, resources: asked.isEmpty ? resources : asked, client: ask.client)
    let shown = try ask.proofThumbprint(expecting: thumbprint)
    let handle = try context.secret()
    var grant = Grant(
      id: context.name("grant " + handle), client: ask.client.id, subject: subject,
      scopes: scopes, resources: resources, authenticatedAt: authenticatedAt, methods: methods,
      session: session, code: source, secret: nil,
      // A client without a secret shows its key each time (RFC 9449 §5).
      thumbprint: ask.client.blueprint.authentication == .none ? shown : nil,
      userInfoClaims: userInfoClaims, idTokenClaims: idTokenClaims,
      until: ask.call.now + ask.call.settings.lifetimes.grant)
    var refresh: RefreshToken?
    if ask.client.blueprint.grants.contains(.refreshToken) {
      let made = try ask.refresh(handle: handle)
      refresh = made.token
      grant.secret = made.hash
    }
    let access = try ask.maker.accessToken(grant, user, target, thumbprint: shown)
    var idToken: String?
    if scopes.contains("openid") {
      idToken = try ask.maker.idToken(
        grant, user, client: ask.client, nonce: nonce, accessToken: access.token)
    }
    let answer = ask.answer(access, isBound: shown != nil, refresh: refresh, idToken: idToken)
    let expires = ask.expiry(of: grant, accessMilliseconds: target.milliseconds)
    // One transaction: what is used up is gone, and there is a grant for it.
    return .write([consumed, grant.put(expires: expires, expecting: .absent)], journal: nil) {
      error in
      switch error {
      case nil: .answer(answer)
      case .conflict?: conflict()
      case let error?: .answer(OAuthError.unavailable("\(error)").response)
      }
    }
  }
}
