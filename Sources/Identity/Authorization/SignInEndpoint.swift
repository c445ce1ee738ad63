import Blueprint
import Formats
import HTTP
import Storage
import Telemetry

/// The page that asks for name and password.
struct SignInEndpoint {
  let context: IdentityContext
  let call: IdentityCall
  let desk: PasswordDesk

  private static let wrong = "User name or password is wrong."

  func outcome() throws -> IdentityOutcome {
    switch call.request.method {
    case "GET", "HEAD":
      let handle = try call.query()["request"]
      guard let signIn = try SignIn.find(handle, context, call), let handle else {
        return SignInFlow.lost(call)
      }
      var name = ""
      if case .client(let request) = signIn.purpose { name = request.loginHint ?? "" }
      return .answer(try page(signIn, handle, name: name).response)
    case "POST": return try post()
    default: return .answer(Replies.methodNotAllowed("GET, POST"))
    }
  }

  private func page(_ signIn: SignIn, _ handle: String, name: String) throws -> SignInPage {
    var purpose = "to your account"
    if case .client(let request) = signIn.purpose {
      let client = try context.clients.find(request.client, call.settings, at: call.now)
      purpose = "to go on to \(client?.blueprint.name ?? request.client)"
    } else if case .device = signIn.purpose {
      purpose = "to connect a device"
    }
    return SignInPage(
      handle: handle, purpose: purpose, name: name, formTarget: signIn.formTarget)
  }

  private func post() throws -> IdentityOutcome {
    let form = try call.form()
    guard !call.isFromElsewhere, let handle = form["request"],
      let signIn = try SignIn.find(handle, context, call)
    else { return SignInFlow.lost(call) }
    let flow = SignInFlow(context: context, call: call)
    if form.has("cancel") {
      return try flow.denied(signIn, OAuthError("access_denied", "the user did not sign in"))
    }
    let name = form["name"] ?? ""
    switch try desk.check(name: name, password: form["password"] ?? "", call) {
    case .right(let user): return try flow.passwordIsRight(signIn, handle: handle, user)
    case .wrong:
      ErrorLog.notice(
        "identity: a sign-in as \(Quoting.short(name)) from \(call.request.client) failed")
      var page = try page(signIn, handle, name: name)
      page.problem = SignInEndpoint.wrong
      page.status = 401
      let entry = context.entry(
        "user.sign-in-refused", "users", by: "", call,
        [JSONMember("name", .string(String(name.prefix(64))))])
      return .write([], journal: entry, answering: page.response) { [call] error in
        SignInFlow.unavailable(error, call)
      }
    case .wait(let seconds):
      var page = try page(signIn, handle, name: name)
      page.problem = "Too many tries. Wait \(seconds) seconds, and try again."
      page.status = 429
      page.fields = [(name: "retry-after", value: "\(seconds)")]
      return .answer(page.response)
    }
  }
}
