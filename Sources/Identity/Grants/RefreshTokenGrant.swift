import Blueprint
import Crypto
import Formats
import HTTP
import Storage
import Telemetry

/// Tokens for a refresh token, which is replaced each time (RFC 6749 §6, RFC 9700 §4.14.2).
///
/// Whoever shows a grant's handle with any other secret than the present one has one that was used:
/// either he or the client is a thief, so the grant ends.
struct RefreshTokenGrant {
  let ask: TokenAsk

  private var context: IdentityContext { ask.context }

  func outcome() throws -> IdentityOutcome {
    try ask.client.check(.refreshToken)
    let text = try ask.form.required("refresh_token")
    guard let token = RefreshToken(text),
      let record = try context.vault.record(
        StoredKinds.grant, context.name("grant " + token.handle)),
      var grant = Grant(record.id, record.body)
    else { throw OAuthError.invalidGrant("the refresh token is unknown, revoked or has expired") }
    guard grant.client == ask.client.id else {
      throw OAuthError.invalidGrant(
        "a refresh token of \(Quoting.short(grant.client)) comes from "
          + Quoting.short(ask.client.id))
    }
    guard let secret = grant.secret, secret.constantTimeEquals(context.hash(token.secret)) else {
      return reused(grant)
    }
    let user = try ask.user(grant.subject)
    let scopes = try self.scopes(of: grant)
    let resources = ask.form.all("resource")
    guard grant.resources.isEmpty || Set(resources).isSubset(of: grant.resources) else {
      throw OAuthError.invalidTarget
    }
    let target = try ask.call.settings.target(
      scopes: scopes, resources: resources.isEmpty ? grant.resources : resources,
      client: ask.client)
    let shown = try ask.proofThumbprint(expecting: grant.thumbprint)
    let next = try ask.refresh(handle: token.handle)
    grant.secret = next.hash
    let access = try ask.maker.accessToken(grant, user, target, thumbprint: shown)
    var idToken: String?
    if scopes.contains("openid") {
      // OpenID Connect Core 1.0 §12.2: without the nonce, with the same auth_time.
      idToken = try ask.maker.idToken(
        grant, user, client: ask.client, nonce: nil, accessToken: access.token)
    }
    let answer = ask.answer(
      access, isBound: shown != nil, refresh: next.token, idToken: idToken)
    let expires = ask.expiry(of: grant, accessMilliseconds: target.milliseconds)
    // Of two that come at once, one finds the revision that was read; the other is a reuse.
    return .write(
      [grant.update(expires: expires, revision: record.revision)], journal: nil
    ) { [self, grant] error in
      switch error {
      case nil: .answer(answer)
      case .conflict?: reused(grant)
      case let error?: .answer(OAuthError.unavailable("\(error)").response)
      }
    }
  }

  /// RFC 6749 §6: no more than was granted; what is left out now is not lost for the next time.
  private func scopes(of grant: Grant) throws(OAuthError) -> [String] {
    guard let asked = ask.form.words("scope") else { return grant.scopes }
    guard Set(asked).isSubset(of: grant.scopes) else { throw .invalidScope }
    return asked
  }

  private func reused(_ grant: Grant) -> IdentityOutcome {
    ErrorLog.warning(
      "identity: a refresh token of \(Quoting.short(grant.client)) came twice; its grant is revoked"
    )
    let entry = context.entry(
      "grant.revoke", "grants/\(grant.publicID)", by: grant.client, ask.call,
      [JSONMember("reason", "a refresh token came twice")])
    return .write(
      Revocation.changes([grant], at: ask.call.now), journal: entry,
      answering: OAuthError.invalidGrant("").response
    ) { OAuthError.unavailable("\($0)").response }
  }
}
