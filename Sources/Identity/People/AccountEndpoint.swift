import Base
import Blueprint
import Crypto
import Formats
import HTTP
import Storage

/// The page on which users look after themselves: password, one-time passwords, and signing out.
struct AccountEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  /// How recent a sign-in has to be for changes, in milliseconds.
  private static let recentMilliseconds = 15 * 60_000

  func outcome() throws -> IdentityOutcome {
    guard ["GET", "HEAD", "POST"].contains(call.request.method) else {
      return .answer(Replies.methodNotAllowed("GET, POST"))
    }
    guard let (session, user) = try BrowserSession.current(context, call),
      call.now - session.authenticatedAt < AccountEndpoint.recentMilliseconds
    else {
      if call.request.method == "POST" { return SignInFlow.lost(call) }
      return try SignInFlow(context: context, call: call).begin(.account, at: .signIn)
    }
    guard call.request.method == "POST" else { return .answer(page(user)) }
    let form = try call.form()
    // The session's cookie does not come with forms of other pages; this is the second lock.
    guard !call.isFromElsewhere, let given = form["form"],
      ConstantTime.equals(given.utf8.span, token.utf8.span)
    else { return SignInFlow.lost(call) }
    switch form["action"] {
    case "password": return try changePassword(form, session, user)
    case "enrol": return try enrol(user)
    case "confirm": return try confirm(form, user)
    case "remove": return try remove(form, user)
    default: return .answer(page(user))
    }
  }

  /// What forms of this session hold.
  private var token: String {
    context.name("form " + (call.cookie(BrowserSession.cookie) ?? ""))
  }

  private func form(_ action: Markup, _ content: Markup) -> Markup {
    """
    <form method="post" action="account"><input type="hidden" name="form" value="\(token)">\
    <input type="hidden" name="action" value="\(action)">\(content)</form>
    """
  }

  private func page(
    _ user: User, problem: String? = nil, note: Markup = .nothing, status: Int = 200
  ) -> ServiceResponse {
    let hint: Markup = problem.map { "<p class=\"bad\" role=\"alert\">\($0)</p>" } ?? .nothing
    let password = form(
      "password",
      """
      <label for="old">Present password</label>\
      <input id="old" name="old" type="password" autocomplete="current-password" required>\
      <label for="new">New password, \(PasswordForm.charactersMin) characters at least</label>\
      <input id="new" name="new" type="password" autocomplete="new-password" required>\
      <button type="submit">Change password</button>
      """)
    let factor =
      user.oneTimeSecret == nil
      ? form("enrol", "<button class=\"second\" type=\"submit\">Use one-time passwords</button>")
      : form(
        "remove",
        """
        <label for="code">One-time password or recovery code</label>\
        <input id="code" name="code" autocomplete="one-time-code" required>\
        <button class="second" type="submit">Use no one-time passwords</button>
        """)
    let own: Markup =
      user.record == nil
      ? "<p class=\"soft\">The administrator's file has your password.</p>"
      : "\(password)\(factor)"
    return Page(
      title: "Your account",
      content: """
        <h1>\(user.fullName ?? user.name)</h1>\(hint)\(note)\(own)\
        <form method="post" action="end-session"><button class="second" type="submit">Sign out\
        </button></form>
        """, status: status
    ).response
  }

  private func save(
    _ user: User, _ action: String, _ answer: ServiceResponse, also more: [VaultChange] = [],
    _ edit: (inout JSONObject) throws -> Void
  ) throws -> IdentityOutcome {
    guard let record = user.record, case .object(var body) = record.body else {
      return .answer(page(user, problem: "The administrator's file has your account."))
    }
    try edit(&body)
    let change = VaultChange.put(
      StoredKinds.user, record.id, .object(body),
      indexes: [
        IndexValue("name", try UserDirectory.index(user.name, context.vault), isUnique: true)
      ], expecting: .revision(record.revision))
    let entry = context.entry(action, "users/\(user.subject)", by: user.name, call)
    return .write([change] + more, journal: entry, answering: answer) { [call] error in
      SignInFlow.unavailable(error, call)
    }
  }

  private func changePassword(
    _ form: Parameters, _ session: BrowserSession, _ user: User
  ) throws -> IdentityOutcome {
    let key = "old \(user.subject)"
    let wait = context.throttle.wait(name: key, address: call.request.client, now: call.now)
    if wait > 0 {
      return .answer(page(user, problem: "Too many tries. Wait \(wait) seconds.", status: 429))
    }
    guard user.password?.matches(PasswordForm.normal(form["old"] ?? "")) == true else {
      context.throttle.failed(name: key, address: call.request.client, now: call.now)
      return .answer(page(user, problem: "The present password is wrong.", status: 401))
    }
    let new = form["new"] ?? ""
    let words = [user.name, user.email, user.fullName].compactMap { $0 }
    if let flaw = PasswordForm.flaw(new, context: words) {
      return .answer(page(user, problem: "Take another password: \(flaw).", status: 400))
    }
    // Other browsers, and whoever knew the old password, are out.
    let others = try context.vault.records(
      StoredKinds.browserSession, index: "user", value: user.subject, limit: 10_000
    ).filter { $0.id != session.id }.map { VaultChange.remove(StoredKinds.browserSession, $0.id) }
    let hash = try PasswordHash(of: PasswordForm.normal(new)).text
    let note: Markup = "<p>Your password is changed.</p>"
    return try save(user, "user.password", page(user, note: note), also: others) {
      $0["password"] = .string(hash)
    }
  }

  // MARK: One-time passwords

  private func enrol(_ user: User) throws -> IdentityOutcome {
    let secret = try SecondFactor.newSecret()
    return try save(user, "user.factor-begin", enrolment(user, secret)) {
      $0["one-time-pending"] = .string(Base64.encode(secret.span))
    }
  }

  private func enrolment(
    _ user: User, _ secret: [UInt8], problem: String? = nil
  ) -> ServiceResponse {
    let hint: Markup = problem.map { "<p class=\"bad\" role=\"alert\">\($0)</p>" } ?? .nothing
    let confirmation = form(
      "confirm",
      """
      <label for="code">The password that it shows</label>\
      <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>\
      <button type="submit">Use one-time passwords</button>
      """)
    let link = SecondFactor.link(secret, user, issuer: call.settings.issuer.text)
    return Page(
      title: "One-time passwords",
      content: """
        <h1>One-time passwords</h1>\(hint)<p>Type this secret into an application for one-time \
        passwords, or <a href="\(link)">open it there</a>:</p>\
        <p><code>\(SecondFactor.groups(Base32.encode(secret)))</code></p>\(confirmation)
        """
    ).response
  }

  private func confirm(_ form: Parameters, _ user: User) throws -> IdentityOutcome {
    guard let text = user.record?.body["one-time-pending"]?.string,
      let secret = Base64.decode(text.utf8.span)
    else { return .answer(page(user)) }
    let typed = (form["code"] ?? "").filter { !$0.isWhitespace }
    guard
      let step = OneTimePassword(secret: secret).step(
        of: typed, atUnixSeconds: call.now / 1000)
    else {
      return .answer(enrolment(user, secret, problem: "That is not what it should show."))
    }
    let (codes, hashes) = try SecondFactor(context: context, user: user).newCodes()
    let list = Markup.joined(
      codes.map { "<li><code>\(SecondFactor.groups($0))</code></li>" })
    let answer = Page(
      title: "Recovery codes",
      content: """
        <h1>Recovery codes</h1><p>Keep these where your telephone is not. Each is good once, in \
        the place of a one-time password. They are not shown again.</p><ul>\(list)</ul>\
        <p><a href="account">Back to your account</a></p>
        """
    ).response
    return try save(user, "user.factor-add", answer) { body in
      body["one-time-secret"] = .string(text)
      body["one-time-used"] = .integer(Int(step))
      body["one-time-pending"] = nil
      body["recovery-codes"] = hashes
    }
  }

  private func remove(_ form: Parameters, _ user: User) throws -> IdentityOutcome {
    let key = "otp \(user.subject)"
    let wait = context.throttle.wait(name: key, address: call.request.client, now: call.now)
    guard wait == 0,
      SecondFactor(context: context, user: user).check(form["code"] ?? "", at: call.now) != nil
    else {
      context.throttle.failed(name: key, address: call.request.client, now: call.now)
      return .answer(page(user, problem: "That is not right, or was used.", status: 401))
    }
    let answer = Replies.redirect(to: call.settings.issuer.url(.account))
    return try save(user, "user.factor-remove", answer) { body in
      for name in ["one-time-secret", "one-time-used", "recovery-codes"] { body[name] = nil }
    }
  }
}
