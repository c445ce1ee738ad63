import Blueprint
import Formats
import HTTP
import Storage

/// Where clients send browsers to sign out (OpenID Connect RP-Initiated Logout 1.0 §2).
struct EndSessionEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    let parameters: Parameters
    switch call.request.method {
    case "GET", "HEAD": parameters = try call.query()
    case "POST": parameters = try call.form()
    default: return .answer(Replies.methodNotAllowed("GET, POST"))
    }
    let hint = parameters["id_token_hint"].flatMap { IDTokenHint($0, context, call.settings) }
    if parameters.has("id_token_hint"), hint == nil {
      return refuse("The link that led here is damaged.", "id_token_hint is no ID token of ours")
    }
    let target: String?
    do throws(OAuthError) {
      target = try self.target(parameters, hint)
    } catch {
      return refuse(
        "The application that sent you here named an address that is not its own.", error.message)
    }
    let current = try BrowserSession.current(context, call)
    // Without a hint that names this session's user, anybody's page may have sent the browser here:
    // the user is asked (§2, and RFC 9700 on CSRF).
    let isConfirmed =
      parameters["confirmed"] == "yes" && call.request.method == "POST" && !call.isFromElsewhere
    if let current, !isConfirmed, hint?.subject != current.session.subject {
      return .answer(question(parameters))
    }
    return try end(current?.session, target, parameters["state"])
  }

  private func refuse(_ advice: String, _ reason: String) -> IdentityOutcome {
    .answer(ErrorPage.make(advice, reason: reason, call))
  }

  /// Where the browser may go afterwards: one of the client's, byte by byte (§3).
  private func target(
    _ parameters: Parameters, _ hint: IDTokenHint?
  ) throws(OAuthError) -> String? {
    guard let uri = parameters["post_logout_redirect_uri"] else { return nil }
    guard let id = hint?.client ?? parameters["client_id"] else {
      throw .invalidRequest("nothing says whose post_logout_redirect_uri it is")
    }
    if let hint, let other = parameters["client_id"], other != hint.client {
      throw .invalidRequest("client_id is not the audience of id_token_hint")
    }
    let client: OAuthClient?
    do {
      client = try context.clients.find(id, call.settings, at: call.now)
    } catch {
      throw .unavailable("\(error)")
    }
    guard let client, client.blueprint.postLogoutRedirectURIs.contains(uri) else {
      throw .invalidRequest("post_logout_redirect_uri is none of \(Quoting.short(id))")
    }
    return uri
  }

  private func question(_ parameters: Parameters) -> ServiceResponse {
    let names = ["client_id", "post_logout_redirect_uri", "state", "id_token_hint"]
    let inputs = Markup.joined(
      names.compactMap { name in
        parameters[name].map { "<input type=\"hidden\" name=\"\(name)\" value=\"\($0)\">" }
      })
    let origin = parameters["post_logout_redirect_uri"].flatMap { RedirectURI($0)?.origin }
    return Page(
      title: "Sign out?",
      content: """
        <h1>Sign out?</h1><form method="post" action="end-session">\(inputs)\
        <input type="hidden" name="confirmed" value="yes">\
        <button type="submit">Sign out</button></form>
        """, formTarget: origin
    ).response
  }

  private func end(
    _ session: BrowserSession?, _ target: String?, _ state: String?
  ) throws -> IdentityOutcome {
    let answer = EndSessionEndpoint.answer(target, state)
    guard let session else { return .answer(answer) }
    // What lives by the session ends with it; what was allowed to live on does (OpenID Connect Core
    // 1.0 §11).
    let grants = try context.vault.records(
      StoredKinds.grant, index: "session", value: session.publicID, limit: 1000
    ).compactMap { Grant($0.id, $0.body) }.filter { !$0.isOffline }
    let entry = context.entry(
      "user.sign-out", "users/\(session.subject)", by: session.subject, call)
    return .write(
      [.remove(StoredKinds.browserSession, session.id)]
        + Revocation.changes(grants, at: call.now),
      journal: entry, answering: answer
    ) { [call] error in SignInFlow.unavailable(error, call) }
  }

  private static func answer(_ target: String?, _ state: String?) -> ServiceResponse {
    guard let target else {
      return Page(
        title: "Signed out", content: "<h1>Signed out</h1><p>You can close this page.</p>",
        fields: [BrowserSession.removal]
      ).response
    }
    let mark = target.contains("?") ? "&" : "?"
    let end = state.map { mark + FormText.encode([("state", $0)]) } ?? ""
    return Replies.redirect(to: target + end, [BrowserSession.removal])
  }
}
