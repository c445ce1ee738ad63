/// Whether somebody else may set an account's password, or lose it by a request that proves
/// nothing (API1, API2). The accounts are the scan's own.
struct PasswordChangeCheck: OperationCheck {
  static let name = "password-change"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    let path = operation.path.lowercased()
    return ["PUT", "PATCH", "POST"].contains(operation.method) && operation.graphField == nil
      && scan.registrar != nil && !scan.users.isEmpty && operation.name != scan.registrar?.name
      && !scan.isLogin(operation) && operation.leafMembers.contains { Names.isPassword($0.name) }
      && (operation.path.contains("{") || path.contains("password"))
      && scan.wants(.objectWrite, at: operation)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let parameter = operation.pathParameters.last,
      scan.meansPeople(parameter, Scan.collection(of: parameter.name, in: operation.path)),
      let user = scan.users.first
    else { return }
    var steps: [FindingStep] = []
    for _ in 0..<2 {
      guard let (victim, _, _) = await scan.makeAccount(), let login = victim.login,
        let found = await change(operation, parameter, victim.name, login, by: user.name, in: scan)
      else { return }
      steps += found
    }
    scan.report(
      .objectWrite, operation, parameter.name, "somebody else sets the password of an account",
      steps)
  }

  private func change(
    _ operation: Operation, _ parameter: Parameter, _ victim: String, _ login: Identity.Login,
    by user: String, in scan: isolated Scan
  ) async -> [FindingStep]? {
    let collection = Scan.collection(of: parameter.name, in: operation.path)
    guard let own = scan.ownValue(parameter, collection, of: victim),
      let (_, before) = await scan.canLogIn(victim, login)
    else { return nil }
    var markers: [String] = []
    var call = Call(operation, [parameter.name: own], as: user)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: user)
    let fresh: JSONValue = .string("Gh2!" + scan.marker())
    for member in operation.leafMembers where Names.isPassword(member.name) {
      call = call.with(member: member.name, fresh)
    }
    var body = login.body
    for member in body.dotted where Names.isPassword(member.name) {
      body = body.setting(dotted: member.name, fresh)
    }
    var changed = Identity.Login(
      method: login.method, path: login.path, body: body, token: login.token)
    changed.mediaType = login.mediaType
    guard let answer = await scan.send(call) else { return nil }
    scan.note(operation, user, answer)
    guard let (after, got) = await scan.canLogIn(victim, changed) else { return nil }
    var first = after
    first.body = login.body
    return [
      FindingStep("the account's own password lets it in", first, before),
      FindingStep("somebody else sets another", call, answer),
      FindingStep("and that one lets it in", after, got),
    ]
  }
}
