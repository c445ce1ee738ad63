/// Whether somebody else changes or removes an account that the path names (API1, API5). Whoever is
/// changed is an account that the scan made.
struct AccountWriteCheck: OperationCheck {
  static let name = "account-write"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    guard ["PUT", "PATCH", "POST", "DELETE"].contains(operation.method),
      operation.pathParameters.count == 1, let parameter = operation.pathParameters.first,
      scan.meansPeople(parameter, Scan.collection(of: parameter.name, in: operation.path))
    else { return false }
    return scan.registrar != nil && !scan.users.isEmpty && operation.graphField == nil
      && !operation.leafMembers.contains { Names.isPassword($0.name) }
      && (scan.wants(.objectWrite, at: operation) || scan.wants(.functionLevel, at: operation))
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let parameter = operation.pathParameters.first, let user = scan.users.first else {
      return
    }
    var steps: [FindingStep] = []
    var givesRole = false
    for _ in 0..<2 {
      guard let (victim, _, _) = await scan.makeAccount(),
        let found = await attack(operation, parameter, victim, by: user.name, in: scan)
      else { return }
      steps += found.steps
      givesRole = found.role
    }
    let kind: FindingKind =
      givesRole || FunctionReadCheck.isPrivileged(operation) ? .functionLevel : .objectWrite
    guard scan.wants(kind, at: operation) else { return }
    scan.report(
      kind, operation, parameter.name,
      givesRole
        ? "an ordinary user sets the role of somebody else"
        : "somebody else changes an account that is not its own", steps)
  }

  private func attack(
    _ operation: Operation, _ parameter: Parameter, _ victim: Identity, by user: String,
    in scan: isolated Scan
  ) async -> (steps: [FindingStep], role: Bool)? {
    let collection = Scan.collection(of: parameter.name, in: operation.path)
    guard let own = scan.ownValue(parameter, collection, of: victim.name),
      let before = await scan.selfView(of: victim.name)
    else { return nil }
    var markers: [String] = []
    var call = Call(operation, [parameter.name: own], as: user)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: user)
    let role = operation.leafMembers.first {
      ["role", "roles", "isadmin", "admin", "usertype", "permissions"].contains(
        Names.plain(Operation.last(of: $0.name)))
    }
    if let role,
      let value = RoleValues.all(
        for: Operation.last(of: role.name), role.value, in: scan
      ).first
    {
      call = call.with(member: role.name, value)
    }
    guard let answer = await scan.send(call) else { return nil }
    scan.note(operation, user, answer)
    guard let after = await scan.send(before.call) else { return nil }
    let steps = [
      FindingStep("the account, as it was", before.call, before.answer),
      FindingStep("somebody else names it", call, answer),
      FindingStep("and what the account sees then", before.call, after),
    ]
    if operation.method == "DELETE" {
      guard let login = victim.login, !after.isSuccess, answer.isSuccess,
        await scan.canLogIn(victim.name, login) == nil
      else { return nil }
      return (steps, false)
    }
    guard after.isSuccess, after.text != before.answer.text else { return nil }
    let shown = after.json?.leaves ?? []
    if markers.contains(where: { after.text.contains($0) }) { return (steps, false) }
    let isRole = shown.contains { leaf in
      role.map {
        leaf.name == Operation.last(of: $0.name) && leaf.value == call.body?[dotted: $0.name]
      }
        == true
    }
    return isRole ? (steps, true) : nil
  }
}
