/// Who the identities are: their tokens, and what the API calls them.
extension Scan {
  /// Logs in whoever has to; an identity that cannot ends the scan.
  func logIn() async throws(ScanError) {
    for place in identities.indices {
      if let login = identities[place].login, identities[place].headers.isEmpty {
        let token = try await token(of: identities[place].name, login)
        let (field, prefix) = description.credential
        identities[place].headers = [JSONMember(field, .string(prefix + token))]
      }
      learn(identities[place])
    }
  }

  private func token(
    of name: String, _ login: Identity.Login
  ) async throws(ScanError) -> String {
    var call = Call(login.method, login.path)
    call.body = login.body
    guard let answer = await send(call) else {
      throw .login(identity: name, lastTransportError ?? "no answer")
    }
    if let operation = operation(login.method, login.path) { note(operation, name, answer) }
    guard answer.isSuccess else { throw .login(identity: name, "status \(answer.status)") }
    let leaves = answer.json?.leaves ?? []
    if let wanted = login.token {
      let last = wanted.split(separator: ".").last.map(String.init) ?? wanted
      guard let found = leaves.first(where: { $0.name == last })?.value.string else {
        throw .login(identity: name, "the answer has no '\(wanted)'")
      }
      return found
    }
    let found = leaves.first { leaf in
      let word = leaf.name.lowercased()
      return (word.contains("token") || word.contains("jwt")) && !word.contains("type")
        && leaf.value.string != nil
    }
    guard let token = found?.value.string else {
      throw .login(identity: name, "the answer has no token")
    }
    return token
  }

  /// What the token and the login's content say of an identity.
  private func learn(_ identity: Identity) {
    for member in identity.login?.body.members ?? [] {
      learn(identity.name, member.name, member.value)
    }
    if let token = Token.first(in: identity) {
      for member in token.claims.members { learn(identity.name, member.name, member.value) }
    }
  }

  /// Notes a value that may mean an identity itself.
  func learn(_ identity: String, _ name: String, _ value: JSONValue) {
    guard let text = value.scalarText, !text.isEmpty else { return }
    let plain = name.lowercased().replacing("_", with: "")
    switch plain {
    case "id", "sub", "uid", "userid", "uuid", "accountid":
      selves[identity, default: [:]]["id", default: []].insert(text)
    case "username", "name", "login", "user", "nickname", "handle":
      selves[identity, default: [:]]["name", default: []].insert(text)
    case "email", "mail": selves[identity, default: [:]]["email", default: []].insert(text)
    default: break
    }
  }

  /// Whether an operation shows the caller to itself.
  func isSelf(_ operation: Operation) -> Bool {
    let words = ["me", "profile", "account", "self", "whoami", "current", "userinfo", "dashboard"]
    return !operation.path.contains("{") && words.contains(operation.noun)
  }

  /// Whether an operation takes a name and a password and gives a credential.
  func isLogin(_ operation: Operation) -> Bool {
    guard operation.method == "POST" else { return false }
    if identities.contains(where: { $0.login?.path == operation.path }) { return true }
    let names = operation.bodyMembers.map { $0.name.lowercased() }
    guard names.contains(where: { $0.contains("password") || $0 == "pass" || $0 == "pwd" }),
      names.count <= 4, !operation.isSecured
    else { return false }
    let path = operation.path.lowercased()
    let no = ["register", "signup", "sign-up", "reset", "forgot", "change"]
    return !no.contains { path.contains($0) } && !path.contains("{")
      && ["login", "signin", "sign-in", "token", "session", "auth"].contains { path.contains($0) }
  }
}
