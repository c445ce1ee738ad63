import Blueprint
import Formats
import HTTP
import Storage

/// Where browsers come with a client's request (RFC 6749 §3.1).
struct AuthorizationEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    let parameters: Parameters
    do throws(OAuthError) {
      switch call.request.method {
      case "GET", "HEAD": parameters = try call.query()
      case "POST": parameters = try call.form()
      default: return .answer(Replies.methodNotAllowed("GET, POST"))
      }
    } catch {
      return page("The link that led here is damaged.", error.message)
    }
    guard let id = parameters["client_id"],
      let client = try context.clients.find(id, call.settings, at: call.now)
    else {
      return page(
        "The application that sent you here is not known.",
        "no client \(parameters["client_id"].map(Quoting.short) ?? "is named")")
    }
    if let uri = parameters["request_uri"], uri.hasPrefix(PushedRequest.prefix) {
      guard let request = try PushedRequest.find(uri, context), request.client == client.id else {
        return page(
          "The link that led here has expired. Go back to the application, and try again.",
          "a pushed request that is over, or another client's than \(Quoting.short(id))")
      }
      return try decide(request, client)
    }
    return try read(parameters, client)
  }

  private func page(_ advice: String, _ reason: String) -> IdentityOutcome {
    .answer(ErrorPage.make(advice, reason: reason, call))
  }

  private func read(_ parameters: Parameters, _ client: OAuthClient) throws -> IdentityOutcome {
    let reader = AuthorizationReader(
      context: context, settings: call.settings, client: client, parameters: parameters)
    guard let uri = reader.redirectURI() else {
      return page(
        "The application that sent you here asked for the answer at an address not its own.",
        "redirect_uri \(Quoting.short(parameters["redirect_uri"] ?? "")) is none of the client "
          + Quoting.short(client.id))
    }
    do throws(OAuthError) {
      if client.blueprint.mustPush {
        throw .invalidRequest("this client's requests have to be pushed")
      }
      let request = try reader.read(uri)
      return try decideOrFail(request, client)
    } catch {
      let mode = parameters["response_mode"].flatMap {
        AuthorizationRequest.Mode(rawValue: $0)
      }
      // What may go there has been found out: the client is told (RFC 6749 §4.1.2.1).
      return .answer(
        AuthorizationResponse(
          uri: uri, mode: mode ?? .query, state: parameters["state"],
          issuer: call.settings.issuer.text
        ).error(error))
    }
  }

  /// The same with the store's errors as errors of the flow.
  private func decideOrFail(
    _ request: AuthorizationRequest, _ client: OAuthClient
  ) throws(OAuthError) -> IdentityOutcome {
    do {
      return try decide(request, client)
    } catch let error as OAuthError {
      throw error
    } catch {
      throw .unavailable("\(error)")
    }
  }

  /// What has to come before the answer, or the answer.
  private func decide(
    _ request: AuthorizationRequest, _ client: OAuthClient
  ) throws -> IdentityOutcome {
    let current = try BrowserSession.current(context, call)
    let isSilent = request.prompts.contains("none")
    let flow = SignInFlow(context: context, call: call)
    guard let (session, user) = current,
      !AuthorizationEndpoint.needsSignIn(request, session, at: call.now)
    else {
      if isSilent { return try refuse(request, "login_required", "the user has to sign in") }
      return try flow.begin(.client(request), at: .signIn)
    }
    guard try Consent.covers(request, client, user, context) else {
      if isSilent { return try refuse(request, "consent_required", "the user has to allow it") }
      return try flow.begin(.client(request), session: session.id, at: .consent)
    }
    return try flow.answer(request, session, also: session.noted(at: call.now))
  }

  private func refuse(
    _ request: AuthorizationRequest, _ code: String, _ message: String
  ) throws(OAuthError) -> IdentityOutcome {
    .answer(
      AuthorizationResponse(
        request, try RedirectTarget.uri(of: request), issuer: call.settings.issuer.text
      ).error(OAuthError(code, message)))
  }

  /// Whether the session that there is will not do (OpenID Connect Core 1.0 §3.1.2.1).
  private static func needsSignIn(
    _ request: AuthorizationRequest, _ session: BrowserSession, at now: Int
  ) -> Bool {
    if request.prompts.contains("login") || request.prompts.contains("select_account") {
      return true
    }
    if let age = request.ageMax, now - session.authenticatedAt > age * 1000 { return true }
    if let subject = request.hintedSubject, subject != session.subject { return true }
    return false
  }
}
