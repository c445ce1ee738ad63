import Blueprint
import Formats
import HTTP
import Storage

/// The page that asks whether a client may have what it asks for.
struct ConsentEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  /// A request whose user is signed in, in the session that it names.
  private struct Asked {
    let handle: String
    let signIn: SignIn
    let request: AuthorizationRequest
    let client: OAuthClient
    let session: BrowserSession
    let user: User
  }

  func outcome() throws -> IdentityOutcome {
    switch call.request.method {
    case "GET", "HEAD":
      guard let asked = try asked(call.query()["request"]) else { return SignInFlow.lost(call) }
      return .answer(try page(asked))
    case "POST":
      let form = try call.form()
      guard !call.isFromElsewhere, let asked = try asked(form["request"]) else {
        return SignInFlow.lost(call)
      }
      return try decide(asked, form["decision"])
    default: return .answer(Replies.methodNotAllowed("GET, POST"))
    }
  }

  private func asked(_ handle: String?) throws -> Asked? {
    guard let handle, let signIn = try SignIn.find(handle, context, call),
      case .client(let request) = signIn.purpose,
      let (session, user) = try BrowserSession.current(context, call),
      signIn.session == session.id,
      let client = try context.clients.find(request.client, call.settings, at: call.now)
    else { return nil }
    return Asked(
      handle: handle, signIn: signIn, request: request, client: client, session: session,
      user: user)
  }

  private func page(_ asked: Asked) throws(OAuthError) -> ServiceResponse {
    let uri = try RedirectTarget.uri(of: asked.request)
    return ConsentPage(
      handle: asked.handle, client: asked.client.blueprint.name,
      user: asked.user.fullName ?? asked.user.name,
      meanings: asked.request.scopes.map { call.settings.meaning(of: $0) },
      formTarget: uri.origin, destination: uri.origin
    ).response
  }

  private func decide(_ asked: Asked, _ decision: String?) throws -> IdentityOutcome {
    let flow = SignInFlow(context: context, call: call)
    guard decision == "allow" else {
      return try flow.denied(
        asked.signIn, OAuthError("access_denied", "the user did not allow it"))
    }
    let consent = try Consent.given(asked.request, asked.user, context, at: call.now)
    let entry = context.entry(
      "consent.give", "users/\(asked.user.subject)", by: asked.user.name, call,
      [
        JSONMember("client", .string(asked.client.id)),
        JSONMember("scopes", TokenMaker.texts(asked.request.scopes)),
      ])
    return try flow.answer(
      asked.request, asked.session, also: [consent, asked.signIn.removal], journal: entry)
  }
}
