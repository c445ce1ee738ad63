import Formats
import HTTP
import Storage

/// Where clients give tokens back (RFC 7009).
struct RevocationEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    guard call.request.method == "POST" else {
      return .answer(Replies.methodNotAllowed("POST"))
    }
    let form = try call.form()
    let client = try ClientAuthentication(context: context, call: call, form: form).client()
    let text = try form.required("token")
    if let token = RefreshToken(text) {
      guard
        let record = try context.vault.record(
          StoredKinds.grant, context.name("grant " + token.handle)),
        let grant = Grant(record.id, record.body), grant.client == client.id
      else { return .answer(Replies.empty()) }
      let entry = context.entry(
        "grant.revoke", "grants/\(grant.publicID)", by: client.id, call,
        [JSONMember("reason", "the client gave it back")])
      return done(Revocation.changes([grant], at: call.now), entry)
    }
    let verifier = OwnTokenVerifier(context, call.settings, audience: nil)
    // RFC 7009 §2.2: a token that is not good any more is given back already.
    guard let claims = try? verifier.verify(text, nowUnixMilliseconds: call.now),
      claims["client_id"]?.string == client.id, let id = claims["jti"]?.string,
      let expiry = claims["exp"]?.integer
    else { return .answer(Replies.empty()) }
    let note = Revocation.note(.token(id), at: call.now, until: (expiry + 120) * 1000)
    return done([note], nil)
  }

  private func done(_ changes: [VaultChange], _ journal: JSONValue?) -> IdentityOutcome {
    .write(changes, journal: journal, answering: Replies.empty()) {
      OAuthError.unavailable("\($0)").response
    }
  }
}
