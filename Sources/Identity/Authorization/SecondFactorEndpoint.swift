import Base
import Formats
import HTTP
import Storage

/// The page that asks for a one-time password, once the password was right.
struct SecondFactorEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    switch call.request.method {
    case "GET", "HEAD":
      let handle = try call.query()["request"]
      guard let signIn = try SignIn.find(handle, context, call), signIn.passwordOf != nil,
        let handle
      else { return SignInFlow.lost(call) }
      return .answer(page(signIn, handle))
    case "POST": return try post()
    default: return .answer(Replies.methodNotAllowed("GET, POST"))
    }
  }

  private func page(
    _ signIn: SignIn, _ handle: String, problem: String? = nil, status: Int = 200
  ) -> ServiceResponse {
    let hint: Markup =
      problem.map { "<p class=\"bad\" id=\"problem\" role=\"alert\">\($0)</p>" } ?? .nothing
    let described: Markup = problem == nil ? "" : " aria-describedby=\"problem\""
    return Page(
      title: "One-time password",
      content: """
        <h1>One-time password</h1>\(hint)\
        <p class="soft">From the application on your telephone, or one of your recovery codes.</p>\
        <form method="post" action="second-factor">\
        <input type="hidden" name="request" value="\(handle)">\
        <label for="code">Password or code</label>\
        <input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" \
        spellcheck="false" required\(described)>\
        <button type="submit">Go on</button></form>
        """, status: status, formTarget: signIn.formTarget
    ).response
  }

  private func post() throws -> IdentityOutcome {
    let form = try call.form()
    guard !call.isFromElsewhere, let handle = form["request"],
      let signIn = try SignIn.find(handle, context, call), let subject = signIn.passwordOf,
      let user = try context.users.find(subject: subject, call.settings)
    else { return SignInFlow.lost(call) }
    let key = "otp \(subject)"
    let wait = context.throttle.wait(name: key, address: call.request.client, now: call.now)
    if wait > 0 {
      return .answer(
        page(
          signIn, handle, problem: "Too many tries. Wait \(wait) seconds, and try again.",
          status: 429))
    }
    guard
      let shown = SecondFactor(context: context, user: user).check(
        form["code"] ?? "", at: call.now)
    else {
      context.throttle.failed(name: key, address: call.request.client, now: call.now)
      let refused = page(signIn, handle, problem: "That is not right, or was used.", status: 401)
      let entry = context.entry("user.factor-refused", "users/\(subject)", by: "", call)
      return .write([], journal: entry, answering: refused) { [call] error in
        SignInFlow.unavailable(error, call)
      }
    }
    context.throttle.succeeded(name: key, address: call.request.client)
    return try SignInFlow(context: context, call: call).signedIn(
      signIn, handle: handle, user, methods: ["pwd", shown.method, "mfa"], also: [shown.change])
  }
}
