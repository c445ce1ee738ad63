import Blueprint
import Formats
import HTTP
import Storage

/// The steps of a sign-in: what comes next, until the answer.
struct SignInFlow {
  let context: IdentityContext
  let call: IdentityCall

  /// Begins a sign-in, and sends the browser to its first page.
  func begin(
    _ purpose: SignIn.Purpose, session: String? = nil, at endpoint: IdentityEndpoint
  ) throws(OAuthError) -> IdentityOutcome {
    let begun = try SignIn.begin(purpose, session: session, context, call)
    let answer = Replies.redirect(to: url(endpoint, begun.handle), begun.fields)
    return .write([begun.change], answering: answer) { [call] error in
      SignInFlow.unavailable(error, call)
    }
  }

  private func url(_ endpoint: IdentityEndpoint, _ handle: String) -> String {
    call.settings.issuer.url(endpoint) + "?request=" + handle
  }

  /// Goes on once the password was right: with the other factor, for whoever has one.
  func passwordIsRight(
    _ signIn: SignIn, handle: String, _ user: User
  ) throws -> IdentityOutcome {
    guard user.oneTimeSecret != nil else {
      return try signedIn(signIn, handle: handle, user, methods: ["pwd"])
    }
    var next = signIn
    next.passwordOf = user.subject
    return .write([next.update], answering: Replies.redirect(to: url(.secondFactor, handle))) {
      [call] error in SignInFlow.unavailable(error, call)
    }
  }

  /// Goes on once somebody has signed in, in a new session.
  func signedIn(
    _ signIn: SignIn, handle: String, _ user: User, methods: [String],
    also more: [VaultChange] = []
  ) throws -> IdentityOutcome {
    let (session, secret) = try BrowserSession.begin(user, methods: methods, context, call)
    var changes = [session.put] + more
    // What was known of this browser before is over: a session is never taken over.
    if let old = call.cookie(BrowserSession.cookie) {
      changes.append(.remove(StoredKinds.browserSession, context.name(old)))
    }
    let fields = [BrowserSession.field(secret)]
    let entry = context.entry(
      "user.sign-in", "users/\(user.subject)", by: user.name, call,
      [JSONMember("methods", TokenMaker.texts(methods))])
    switch signIn.purpose {
    case .client(let request):
      guard let client = try context.clients.find(request.client, call.settings, at: call.now)
      else { throw OAuthError.serverError("the client is gone") }
      if try Consent.covers(request, client, user, context) {
        return try answer(
          request, session, also: changes + [signIn.removal], fields, journal: entry)
      }
      var next = signIn
      next.session = session.id
      next.passwordOf = nil
      return redirect(changes + [next.update], url(.consent, handle), fields, entry)
    case .account:
      return redirect(
        changes + [signIn.removal], call.settings.issuer.url(.account), fields, entry)
    case .device:
      var next = signIn
      next.session = session.id
      next.passwordOf = nil
      return redirect(changes + [next.update], url(.device, handle), fields, entry)
    }
  }

  private func redirect(
    _ changes: [VaultChange], _ url: String, _ fields: [(name: String, value: String)],
    _ entry: JSONValue
  ) -> IdentityOutcome {
    .write(changes, journal: entry, answering: Replies.redirect(to: url, fields)) { [call] error in
      SignInFlow.unavailable(error, call)
    }
  }

  /// The answer with a code; whatever was there for the request is used up with it.
  func answer(
    _ request: AuthorizationRequest, _ session: BrowserSession, also changes: [VaultChange],
    _ fields: [(name: String, value: String)] = [], journal: JSONValue? = nil
  ) throws(OAuthError) -> IdentityOutcome {
    let uri = try RedirectTarget.uri(of: request)
    let code = try AuthorizationCode.make(request, session, context, call)
    var all = changes + [code.change]
    // RFC 9126 §4: once, however many browsers came with it.
    if let pushed = request.pushed {
      all.append(.remove(StoredKinds.pushedRequest, pushed, expecting: .present))
    }
    let answer = AuthorizationResponse(request, uri, issuer: call.settings.issuer.text)
      .code(code.text, fields)
    return .write(all, journal: journal, answering: answer) { [call] error in
      SignInFlow.unavailable(error, call)
    }
  }

  /// The answer that the user did not want it.
  func denied(
    _ signIn: SignIn, _ error: OAuthError
  ) throws(OAuthError) -> IdentityOutcome {
    let answer: ServiceResponse
    switch signIn.purpose {
    case .client(let request):
      answer = AuthorizationResponse(
        request, try RedirectTarget.uri(of: request), issuer: call.settings.issuer.text
      ).error(error)
    case .account, .device:
      answer =
        Page(
          title: "Not signed in", content: "<h1>Not signed in</h1><p>You can close this page.</p>"
        ).response
    }
    return .write([signIn.removal], answering: answer) { [call] error in
      SignInFlow.unavailable(error, call)
    }
  }

  /// The page for a store that does not take what was to be written.
  static func unavailable(_ error: StoreError, _ call: IdentityCall) -> ServiceResponse {
    if case .conflict = error {
      return ErrorPage.make(
        "This was answered already. Go back to the application, and try again.", status: 409,
        reason: "\(error)", call)
    }
    return ErrorPage.make(
      "Nobody can sign in at the moment. Try again in a minute.", status: 503,
      reason: "\(error)", call)
  }

  /// The page for a handle that is over, or of another browser.
  static func lost(_ call: IdentityCall) -> IdentityOutcome {
    .answer(
      ErrorPage.make(
        "This sign-in has expired, or was begun in another browser. Go back to the application, "
          + "and try again.",
        reason: "a handle that is over, or the cookie of another browser", call))
  }
}
