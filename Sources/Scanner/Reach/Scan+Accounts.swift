/// Accounts that the scan makes for itself, so that what it tries on accounts harms nobody's.
extension Scan {
  private static let accountsMax = 24

  /// The operation that makes accounts.
  var registrar: Operation? {
    let words = [
      "register", "signup", "sign-up", "sign_up", "registration", "users", "user",
      "accounts", "account", "customers", "members",
    ]
    let no = ["reset", "forgot", "change", "login", "signin", "password", "verify", "confirm"]
    let candidates = operations.filter { operation in
      guard operation.method == "POST", operation.graphField == nil, !isLogin(operation),
        operation.pathParameters.isEmpty,
        operation.leafMembers.contains(where: { Names.isPassword($0.name) })
      else { return false }
      let path = operation.path.lowercased()
      return !no.contains { path.contains($0) }
        && words.contains { word in operation.segments.contains { $0.lowercased().contains(word) } }
    }
    return candidates.first { !$0.isSecured } ?? candidates.first
  }

  /// A login to take as the pattern for those of new accounts.
  private var loginPattern: Identity.Login? {
    if let given = identities.compactMap(\.login).first(where: {
      $0.body.dotted.contains { Names.isPassword($0.name) }
    }) {
      return given
    }
    guard let operation = operations.first(where: { isLogin($0) && $0.graphField == nil }) else {
      return nil
    }
    let body = operation.leafMembers.reduce(JSONValue.object([])) { body, member in
      body.setting(dotted: member.name, .string(""))
    }
    return Identity.Login(
      method: operation.method, path: operation.path, body: body, token: nil)
  }

  /// Makes an account with `extra` members in the request and logs it in; nil if that cannot be.
  func makeAccount(
    _ extra: [JSONMember] = []
  ) async -> (identity: Identity, call: Call, answer: Answer)? {
    if registration?.isHopeless == true || accountCount > Scan.accountsMax { return nil }
    guard let operation = registrar, let pattern = loginPattern,
      let (call, answer) = await register(operation, extra)
    else {
      if extra.isEmpty, let operation = registrar, let login = loginPattern {
        registration = RegistrationPlan(operation: operation, login: login, isHopeless: true)
      }
      return nil
    }
    accountCount += 1
    let body = call.body ?? .object([])
    let login = Scan.login(pattern, for: body)
    var identity = Identity(
      name: "account-\(accountCount)", role: "user", headers: [], login: login)
    identity.isTemporary = true
    do throws(ScanError) {
      identity.headers = try await credential(of: identity.name, login)
    } catch {
      if extra.isEmpty {
        registration = RegistrationPlan(operation: operation, login: pattern, isHopeless: true)
      }
      return nil
    }
    identities.append(identity)
    sessions[identity.name] = LoginSession(since: now(), lifetime: nil, asked: now())
    registration = RegistrationPlan(operation: operation, login: pattern)
    for member in body.dotted {
      learn(identity.name, Operation.last(of: member.name), member.value)
    }
    for object in answer.json?.objects.prefix(3) ?? [] {
      for member in object.members { learn(identity.name, member.name, member.value) }
    }
    learn(identity)
    await meet(only: identity.name)
    return (identity, call, answer)
  }

  /// Sends a registration, in one form after another until the API takes one.
  private func register(
    _ operation: Operation, _ extra: [JSONMember]
  ) async -> (Call, Answer)? {
    for style in contents[operation.name].map({ [$0] }) ?? ContentStyle.allCases {
      var markers: [String] = []
      var call = Call(operation, [:], as: nil)
      complete(&call, for: operation)
      call.body = Scan.alike(await content(of: operation, style, &markers))
      if style == .exampled || style == .plain { call = distinct(call) }
      for member in extra {
        call = call.with(member: operation.wrapper + member.name, member.value)
      }
      guard let answer = await send(call) else { return nil }
      note(operation, nil, answer)
      if answer.isSuccess {
        contents[operation.name] = style
        return (call, answer)
      }
    }
    return nil
  }

  /// All passwords of a content are the same: one is often there to confirm the other.
  private static func alike(_ body: JSONValue?) -> JSONValue? {
    guard var body, let first = body.dotted.first(where: { Names.isPassword($0.name) }) else {
      return body
    }
    for member in body.dotted where Names.isPassword(member.name) {
      body = body.setting(dotted: member.name, first.value)
    }
    return body
  }

  /// Makes what must be there only once in a content differ from the examples.
  private func distinct(_ call: Call) -> Call {
    var call = call
    for member in call.body?.dotted ?? [] {
      let name = Names.plain(Operation.last(of: member.name))
      if name.contains("mail") {
        call = call.with(member: member.name, .string(marker() + "@example.com"))
      } else if ["username", "login", "user", "nickname", "handle"].contains(name) {
        call = call.with(member: member.name, .string(marker()))
      }
    }
    return call
  }

  /// The pattern with the values that an account was made with.
  static func login(_ pattern: Identity.Login, for account: JSONValue) -> Identity.Login {
    let given = account.dotted.map {
      JSONMember(Names.plain(Operation.last(of: $0.name)), $0.value)
    }
    let mail = given.first { $0.name.contains("mail") }
    let name = given.first {
      ["username", "login", "user", "name", "nickname", "handle"].contains($0.name)
    }
    var body = pattern.body
    for member in pattern.body.dotted {
      let plain = Names.plain(Operation.last(of: member.name))
      var value = given.first { $0.name == plain }?.value
      if value == nil, Names.isPassword(plain) {
        value = given.first { Names.isPassword($0.name) }?.value
      }
      if value == nil, plain.contains("mail") { value = mail?.value }
      if value == nil, ["username", "login", "user", "name", "identifier"].contains(plain) {
        value = (name ?? mail)?.value
      }
      if let value { body = body.setting(dotted: member.name, value) }
    }
    var login = Identity.Login(
      method: pattern.method, path: pattern.path, body: body, token: pattern.token)
    login.mediaType = pattern.mediaType
    login.headers = pattern.headers
    return login
  }

  /// Whether somebody can log in with a login.
  func canLogIn(_ name: String, _ login: Identity.Login) async -> (Call, Answer)? {
    var call = Call(login.method, login.path)
    call.body = login.body
    call.fields = login.headers.map { ($0.name, $0.value.scalarText ?? "") }
    call.mediaType =
      login.mediaType ?? operation(login.method, login.path)?.mediaType ?? "application/json"
    guard let answer = await send(call), answer.isSuccess else { return nil }
    return (call, answer)
  }

  /// What the API shows an account of itself.
  func selfView(of name: String) async -> (call: Call, answer: Answer)? {
    for operation in operations where operation.isRead && isSelf(operation) {
      var call = Call(operation, [:], as: name)
      complete(&call, for: operation)
      if let answer = await send(call), answer.isSuccess, answer.json != nil {
        return (call, answer)
      }
    }
    // Else the operation that shows people by their name or number.
    for operation in operations where operation.method == "GET" && operation.isItem {
      guard let last = operation.pathParameters.last, operation.pathParameters.count == 1,
        let own = ownValue(
          last, Scan.collection(of: last.name, in: operation.path), of: name)
      else { continue }
      var call = Call(operation, [last.name: own], as: name)
      complete(&call, for: operation)
      if let answer = await send(call), answer.isSuccess, answer.json != nil {
        return (call, answer)
      }
    }
    return nil
  }
}
