import Blueprint
import Crypto
import Formats
import HTTP
import Storage
import Telemetry

/// Tokens for an authorization code (RFC 6749 §4.1.3), with its verifier (RFC 7636 §4.5).
struct AuthorizationCodeGrant {
  let ask: TokenAsk

  private var context: IdentityContext { ask.context }

  func outcome() throws -> IdentityOutcome {
    try ask.client.check(.authorizationCode)
    let text = try ask.form.required("code")
    guard let code = try AuthorizationCode(text, context) else {
      return try reused(context.name(text))
    }
    try check(code)
    let request = code.request
    return try TokenIssue(
      ask: ask, subject: code.subject, scopes: request.scopes, resources: request.resources,
      authenticatedAt: code.authenticatedAt, methods: code.methods, session: code.session,
      consumed: code.removal, source: code.id, thumbprint: request.thumbprint,
      nonce: request.nonce, userInfoClaims: request.userInfoClaims,
      idTokenClaims: request.idTokenClaims
    ).outcome { [self] in refused(code.id) }
  }

  /// Whether the code is this client's, for this redirect URI and verifier.
  private func check(_ code: AuthorizationCode) throws(OAuthError) {
    guard code.request.client == ask.client.id else {
      throw .invalidGrant(
        "the code of \(Quoting.short(code.request.client)) comes from "
          + Quoting.short(ask.client.id))
    }
    // OpenID Connect Core 1.0 §3.1.3.2: as it was in the request; left out, as OAuth 2.1 has it,
    // nothing is lost, since the verifier binds the code to whoever asked.
    if let uri = ask.form["redirect_uri"], uri != code.request.redirectURI {
      throw .invalidGrant("the redirect URI is another one than in the request")
    }
    guard let verifier = ask.form["code_verifier"] else {
      throw .invalidGrant("the verifier is missing")
    }
    let isForm =
      (43...128).contains(verifier.utf8.count)
      && verifier.utf8.allSatisfy {
        switch $0 {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
      }
    let hash = Base64.encode(SHA256Hasher().hash(verifier.utf8.span).bytes.span)
    guard isForm, ConstantTime.equals(hash.utf8.span, code.request.challenge.utf8.span) else {
      throw .invalidGrant("the verifier is not the challenge's")
    }
  }

  /// A code that is not there: if it was redeemed before, whoever did may be a thief (RFC 6749
  /// §4.1.2).
  private func reused(_ id: String) throws -> IdentityOutcome {
    let grants = try context.vault.records(
      StoredKinds.grant, index: "code", value: id, limit: 8)
    let mine = grants.compactMap { Grant($0.id, $0.body) }.filter { $0.client == ask.client.id }
    guard !mine.isEmpty else {
      throw OAuthError.invalidGrant("the code is unknown or has expired")
    }
    ErrorLog.warning(
      "identity: a code of \(Quoting.short(ask.client.id)) came twice; its grant is revoked"
    )
    let entry = context.entry(
      "grant.revoke", "grants/\(mine[0].publicID)", by: ask.client.id, ask.call,
      [JSONMember("reason", "the code came twice")])
    return .write(
      Revocation.changes(mine, at: ask.call.now), journal: entry,
      answering: OAuthError.invalidGrant("").response
    ) { OAuthError.unavailable("\($0)").response }
  }

  /// Somebody else was faster with the code.
  private func refused(_ id: String) -> IdentityOutcome {
    do {
      return try reused(id)
    } catch let error as OAuthError {
      return .answer(error.response)
    } catch {
      return .answer(OAuthError.unavailable("\(error)").response)
    }
  }
}
