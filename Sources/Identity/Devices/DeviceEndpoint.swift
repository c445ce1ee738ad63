import Base
import Blueprint
import Formats
import HTTP
import Storage

/// The pages on which users connect a device: the code, the sign-in, and the question (RFC 8628
/// §3.3).
struct DeviceEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    switch call.request.method {
    case "GET", "HEAD":
      let query = try call.query()
      if let handle = query["request"] {
        guard let asked = try asked(handle) else { return SignInFlow.lost(call) }
        return .answer(question(asked))
      }
      return .answer(page(query["user_code"] ?? ""))
    case "POST":
      let form = try call.form()
      guard !call.isFromElsewhere else { return SignInFlow.lost(call) }
      if let handle = form["request"] {
        guard let asked = try asked(handle) else { return SignInFlow.lost(call) }
        return decide(asked, form["decision"])
      }
      return try begin(form["user_code"] ?? "")
    default: return .answer(Replies.methodNotAllowed("GET, POST"))
    }
  }

  private func page(_ code: String, problem: String? = nil, status: Int = 200) -> ServiceResponse {
    let hint: Markup = problem.map { "<p class=\"bad\" role=\"alert\">\($0)</p>" } ?? .nothing
    return Page(
      title: "Connect a device",
      content: """
        <h1>Connect a device</h1>\(hint)\
        <form method="post" action="device"><label for="code">The code that it shows</label>\
        <input id="code" name="user_code" autocomplete="off" autocapitalize="characters" \
        spellcheck="false" required value="\(String(code.prefix(32)))">\
        <button type="submit">Go on</button></form>
        """, status: status
    ).response
  }

  /// Goes on with a code, which has to be guessed in time (RFC 8628 §5.1): tries are slowed.
  private func begin(_ code: String) throws -> IdentityOutcome {
    let address = call.request.client
    let wait = context.throttle.wait(name: "device", address: address, now: call.now)
    if wait > 0 {
      return .answer(
        page("", problem: "Too many tries. Wait \(wait) seconds, and try again.", status: 429))
    }
    guard try DeviceRequest.find(userCode: code, context) != nil else {
      context.throttle.failed(name: "device", address: address, now: call.now)
      return .answer(page(code, problem: "No device waits with this code.", status: 400))
    }
    let purpose = SignIn.Purpose.device(DeviceRequest.plain(code))
    let flow = SignInFlow(context: context, call: call)
    guard let (session, _) = try BrowserSession.current(context, call) else {
      return try flow.begin(purpose, at: .signIn)
    }
    return try flow.begin(purpose, session: session.id, at: .device)
  }

  /// A device whose user is signed in, in the session that the sign-in names.
  private struct Asked {
    let handle: String
    let signIn: SignIn
    let device: DeviceRequest
    let client: OAuthClient
    let session: BrowserSession
    let user: User
  }

  private func asked(_ handle: String) throws -> Asked? {
    guard let signIn = try SignIn.find(handle, context, call),
      case .device(let code) = signIn.purpose,
      let (session, user) = try BrowserSession.current(context, call),
      signIn.session == session.id,
      let device = try DeviceRequest.find(userCode: code, context),
      let client = try context.clients.find(device.client, call.settings, at: call.now)
    else { return nil }
    return Asked(
      handle: handle, signIn: signIn, device: device, client: client, session: session, user: user)
  }

  /// The question comes always: a link with the code in it may be a stranger's (RFC 8628 §5.4).
  private func question(_ asked: Asked) -> ServiceResponse {
    let list = Markup.joined(
      asked.device.scopes.map { "<li>\(call.settings.meaning(of: $0))</li>" })
    return Page(
      title: "Connect a device?",
      content: """
        <h1>Connect a device?</h1>\
        <p>Go on only if a device before you shows <code>\
        \(DeviceRequest.shown(asked.device.userCode))</code>, and you began this yourself.</p>\
        <p>\(asked.client.blueprint.name) asks to:</p><ul>\(list)</ul>\
        <p class="soft">You are signed in as \(asked.user.fullName ?? asked.user.name).</p>\
        <form method="post" action="device">\
        <input type="hidden" name="request" value="\(asked.handle)">\
        <button type="submit" name="decision" value="allow">Connect it</button>\
        <button class="second" type="submit" name="decision" value="deny">Do not connect it\
        </button></form>
        """
    ).response
  }

  private func decide(_ asked: Asked, _ decision: String?) -> IdentityOutcome {
    let isAllowed = decision == "allow"
    let change = asked.device.answered(isAllowed ? .allowed : .denied, asked.session, context)
    let entry = context.entry(
      isAllowed ? "device.allow" : "device.deny", "users/\(asked.user.subject)",
      by: asked.user.name, call, [JSONMember("client", .string(asked.client.id))])
    let text = isAllowed ? "The device is connected" : "The device is not connected"
    let answer = Page(
      title: text, content: "<h1>\(text)</h1><p>You can close this page.</p>"
    ).response
    return .write([change, asked.signIn.removal], journal: entry, answering: answer) {
      [call] error in SignInFlow.unavailable(error, call)
    }
  }
}
