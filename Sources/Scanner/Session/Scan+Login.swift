/// Who the identities are: their tokens, and what the API calls them.
extension Scan {
  /// Logs in whoever has to; an identity that cannot ends the scan.
  func logIn() async throws(ScanError) {
    for place in identities.indices {
      try await logIn(place)
      learn(identities[place])
    }
    await settlePrefix()
  }

  /// What stands before a token is often not described: `Bearer`, `Token`, `JWT` or nothing. Where
  /// what was assumed is refused, the others are tried, once for all.
  private func settlePrefix() async {
    let (field, assumed) = description.credential
    guard same(field, "authorization"),
      let place = identities.firstIndex(where: { $0.login != nil }),
      let value = identities[place].headers.last, same(value.name, field),
      let text = value.value.string, text.hasPrefix(assumed), !text.hasPrefix("Basic ")
    else { return }
    let token = String(text.dropFirst(assumed.count))
    let open = operations.filter {
      $0.isRead && $0.isSecured && $0.graphField == nil && !$0.path.contains("{") && isAllowed($0)
    }
    guard let operation = open.first(where: isSelf) ?? open.first else { return }
    for prefix in [assumed, "Bearer ", "Token ", "JWT ", ""] {
      var call = Call(operation, [:], as: nil).with(field: field, prefix + token)
      complete(&call, for: operation)
      guard let answer = await send(call) else { return }
      if answer.isSuccess {
        if prefix != assumed { adopt(prefix, instead: assumed) }
        return
      }
      guard [400, 401, 403].contains(answer.status) || answer.isSoftRefusal else { return }
    }
  }

  /// Puts another word before the tokens that logins brought.
  private func adopt(_ prefix: String, instead assumed: String) {
    notes.append("tokens are sent as '\(prefix)…', since '\(assumed)…' was refused")
    let field = description.credential.field
    take(prefix: prefix)
    for place in identities.indices where identities[place].login != nil {
      identities[place].headers = identities[place].headers.map { member in
        guard same(member.name, field), let text = member.value.string, text.hasPrefix(assumed)
        else { return member }
        return JSONMember(member.name, .string(prefix + text.dropFirst(assumed.count)))
      }
    }
  }

  /// Gets an identity its token.
  private func logIn(_ place: Int) async throws(ScanError) {
    let identity = identities[place]
    guard let login = identity.login else { return }
    let headers = try await credential(of: identity.name, login)
    identities[place].headers = identity.fixedHeaders + headers
    var session = LoginSession(since: now(), lifetime: nil, asked: now())
    if let claims = Token.first(in: identities[place])?.claims, let end = claims["exp"]?.integer,
      let start = claims["iat"]?.integer, end > start
    {
      session.lifetime = (end - start) * 1000
    }
    sessions[identity.name] = session
  }

  /// The fields that a login brings.
  func credential(
    of name: String, _ login: Identity.Login
  ) async throws(ScanError) -> [JSONMember] {
    var call = Call(login.method, login.path)
    call.body = login.body
    call.fields = login.headers.map { ($0.name, $0.value.scalarText ?? "") }
    let known = operation(login.method, login.path)
    call.mediaType = login.mediaType ?? known?.mediaType ?? "application/json"
    call.document = known?.document
    var answer = await send(call)
    if login.mediaType == nil, let first = answer, [400, 415, 422].contains(first.status) {
      // What no description says of: a form, as RFC 6749 has it.
      let isForm = call.mediaType.contains("form")
      call.mediaType = isForm ? "application/json" : "application/x-www-form-urlencoded"
      answer = await send(call) ?? answer
    }
    guard let answer else { throw .login(identity: name, lastTransportError ?? "no answer") }
    if let known { note(known, name, answer) }
    guard (200..<400).contains(answer.status), !answer.isSoftRefusal else {
      throw .login(identity: name, "status \(answer.status) \(answer.text.prefix(120))")
    }
    return try fields(in: answer, of: name, login)
  }

  /// The credential in the answer to a login: a token in its content or fields, or a cookie.
  private func fields(
    in answer: Answer, of name: String, _ login: Identity.Login
  ) throws(ScanError) -> [JSONMember] {
    let (field, prefix) = description.credential
    let leaves = answer.json?.leaves ?? []
    if let wanted = login.token {
      let last = wanted.split(separator: ".").last.map(String.init) ?? wanted
      let found =
        answer.json?.value(at: wanted.split(separator: ".").map(String.init))?.scalarText
        ?? leaves.first { $0.name == last }?.value.scalarText ?? answer.field(wanted.lowercased())
      guard let found else { throw .login(identity: name, "the answer has no '\(wanted)'") }
      return [JSONMember(field, .string(found.hasPrefix(prefix) ? found : prefix + found))]
    }
    let found = leaves.first { leaf in
      let word = leaf.name.lowercased()
      return ["token", "jwt", "authkey", "session", "apikey"].contains { word.contains($0) }
        && !word.contains("type") && !word.contains("refresh")
        && (leaf.value.string?.utf8.count ?? 0) >= 6
    }
    if let token = found?.value.string {
      return [JSONMember(field, .string(token.hasPrefix(prefix) ? token : prefix + token))]
    }
    if let given = answer.field("authorization") {
      return [JSONMember("Authorization", .string(given))]
    }
    let cookies = answer.fields.filter { $0.name == "set-cookie" }
      .compactMap { $0.value.split(separator: ";").first.map(String.init) }
    if !cookies.isEmpty {
      return [JSONMember("Cookie", .string(cookies.joined(separator: "; ")))]
    }
    if let text = answer.json?.string, text.utf8.count >= 8 {
      return [JSONMember(field, .string(prefix + text))]
    }
    throw .login(identity: name, "the answer has no token")
  }

  /// Renews the token of whoever sends a call, if it is about to end or is no longer believed.
  func keepSession(of call: Call) async {
    guard let name = call.identity, let place = identities.firstIndex(where: { $0.name == name }),
      let session = sessions[name], let lifetime = session.lifetime,
      now() - session.since > max(lifetime - 5_000, lifetime / 2)
    else { return }
    await renew(place)
  }

  /// Logs somebody in again; false if that fails.
  @discardableResult
  func renew(_ place: Int) async -> Bool {
    let name = identities[place].name
    // Whoever comes next must not log in as well.
    sessions[name]?.since = now()
    do throws(ScanError) {
      try await logIn(place)
      return true
    } catch {
      notes.append("\(name) could not log in again: \(error)")
      return false
    }
  }

  /// Whether an identity is still whom it was; one that is not logs in again.
  ///
  /// Asked between checks, with the operation that shows a caller to itself.
  func confirmSessions() async {
    for place in identities.indices where identities[place].login != nil {
      let name = identities[place].name
      guard
        let operation = operations.first(where: {
          $0.method == "GET" && isSelf($0) && baselines[$0.name]?[name] != nil
        })
      else { continue }
      var call = Call(operation, [:], as: name)
      complete(&call, for: operation)
      guard let answer = await send(call), !answer.isSuccess else { continue }
      notes.append("\(name) lost its session, and logged in again")
      await renew(place)
    }
  }

  /// What the token and the login's content say of an identity.
  func learn(_ identity: Identity) {
    for member in identity.login?.body.dotted ?? [] {
      learn(identity.name, Operation.last(of: member.name), member.value)
    }
    if let token = Token.first(in: identity) {
      for member in token.claims.members { learn(identity.name, member.name, member.value) }
    }
  }

  /// Notes a value that may mean an identity itself.
  func learn(_ identity: String, _ name: String, _ value: JSONValue) {
    guard let text = value.scalarText, !text.isEmpty, text.utf8.count <= 200 else { return }
    let plain = Names.plain(name)
    switch plain {
    case "id", "sub", "uid", "userid", "uuid", "accountid":
      selves[identity, default: [:]]["id", default: []].insert(text)
      if text.contains("@") {
        selves[identity, default: [:]]["email", default: []].insert(text)
      } else if plain == "sub", Int(text) == nil {
        selves[identity, default: [:]]["name", default: []].insert(text)
      }
    case "username", "name", "login", "user", "nickname", "handle":
      selves[identity, default: [:]]["name", default: []].insert(text)
    case "email", "mail": selves[identity, default: [:]]["email", default: []].insert(text)
    case "phone", "phonenumber", "mobile", "number":
      selves[identity, default: [:]]["phone", default: []].insert(text)
    default: break
    }
  }

  /// What means an identity and nobody else: what it logs in with first, then by the alphabet.
  ///
  /// What two are called by is no name: some tokens say `access` where others say whose they are.
  func facts(of identity: String, _ kind: String) -> [String] {
    let others = selves.filter { $0.key != identity }.values
    let own = (selves[identity]?[kind] ?? []).filter { value in
      !others.contains { $0[kind]?.contains(value) == true }
    }
    let given = Set(
      identities.first { $0.name == identity }?.login?.body.leaves.compactMap(\.value.scalarText)
        ?? [])
    return own.filter(given.contains).sorted() + own.filter { !given.contains($0) }.sorted()
  }

  /// Whether an operation shows the caller to itself.
  func isSelf(_ operation: Operation) -> Bool {
    let words = [
      "me", "profile", "account", "self", "whoami", "current", "userinfo", "dashboard", "user",
      "myprofile", "currentuser", "my",
    ]
    if let field = operation.graphField {
      return ["Query.me", "Query.viewer", "Query.currentUser", "Query.profile"].contains(field)
    }
    return !operation.path.contains("{") && words.contains(Names.plain(operation.noun))
  }

  /// Whether an operation changes whoever calls it.
  func isAboutCaller(_ operation: Operation) -> Bool {
    let words = [
      "me", "profile", "account", "settings", "preferences", "self", "email", "password",
      "username", "avatar", "picture", "address", "phone", "currentuser", "myprofile",
    ]
    if ["PUT", "PATCH"].contains(operation.method), operation.graphField == nil,
      Names.plain(operation.noun) == "user", !operation.path.contains("{")
    {
      return true
    }
    return !operation.isRead && !operation.path.contains("{") && operation.graphField == nil
      && words.contains(Names.plain(operation.noun))
  }

  /// Whether an operation takes a name and a password and gives a credential.
  func isLogin(_ operation: Operation) -> Bool {
    guard operation.method == "POST" else { return false }
    if operation.graphField == nil,
      identities.contains(where: { $0.login?.path == operation.path })
    {
      return true
    }
    let names = operation.leafMembers.map { Operation.last(of: $0.name).lowercased() }
    guard names.contains(where: { Names.isPassword($0) || $0 == "pin" }), names.count <= 7
    else { return false }
    let path = (operation.graphField ?? operation.path).lowercased()
    let no = ["register", "signup", "sign-up", "sign_up", "reset", "forgot", "change", "create"]
    return !no.contains { path.contains($0) } && !path.contains("{")
      && ["login", "signin", "sign-in", "token", "session", "auth"].contains { path.contains($0) }
  }
}
