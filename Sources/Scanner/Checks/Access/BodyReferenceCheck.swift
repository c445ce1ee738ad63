/// Whether a content that names somebody else is believed: who is changed is whom the content
/// names, not who asks (API1, API5).
///
/// Whoever is changed is an account that the scan made.
struct BodyReferenceCheck: OperationCheck {
  static let name = "body-reference"
  static let isQuick = false

  private static let names: Set<String> = [
    "username", "userid", "user", "email", "login", "accountid", "customerid", "memberid", "id",
  ]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    ["PUT", "PATCH", "POST"].contains(operation.method) && !operation.path.contains("{")
      && operation.isSecured && operation.graphField == nil && !scan.isLogin(operation)
      && !scan.users.isEmpty && member(of: operation) != nil && scan.registrar != nil
      && operation.name != scan.registrar?.name
      && (scan.wants(.objectWrite, at: operation) || scan.wants(.functionLevel, at: operation))
  }

  /// The member that says who is meant.
  private func member(of operation: Operation) -> String? {
    let plain = Names.subject(of: operation.path)
    let isAboutPeople =
      ["user", "profile", "account", "role", "email", "member", "me", "customer"].contains(plain)
      || operation.path.lowercased().contains("user")
    guard isAboutPeople || operation.method != "POST" else { return nil }
    let names = operation.leafMembers.map(\.name)
    return names.first {
      BodyReferenceCheck.names.contains(Names.plain(Operation.last(of: $0))) && names.count > 1
    }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let member = member(of: operation), let user = scan.users.first else { return }
    var steps: [FindingStep] = []
    var changesRole = false
    for _ in 0..<2 {
      guard let (victim, _, _) = await scan.makeAccount(),
        let found = await change(operation, member, victim.name, by: user.name, in: scan)
      else { return }
      steps += found.steps
      changesRole = found.role
    }
    let kind: FindingKind = changesRole ? .functionLevel : .objectWrite
    guard scan.wants(kind, at: operation) else { return }
    scan.report(
      kind, operation, member,
      changesRole
        ? "an ordinary user sets the role of somebody else"
        : "whoever the content names is changed, whoever asks", steps)
  }

  private func change(
    _ operation: Operation, _ member: String, _ victim: String, by user: String,
    in scan: isolated Scan
  ) async -> (steps: [FindingStep], role: Bool)? {
    guard let before = await scan.selfView(of: victim) else { return nil }
    let plain = Names.plain(Operation.last(of: member))
    let kinds =
      plain.contains("mail") ? ["email"] : plain.hasSuffix("id") ? ["id"] : ["name", "id"]
    guard let value = kinds.lazy.compactMap({ scan.facts(of: victim, $0).first }).first else {
      return nil
    }
    let schema = operation.leafMembers.first { $0.name == member }?.value ?? [:]
    let named: JSONValue =
      schema["type"]?.string == "integer"
      ? Int(value).map { .integer($0) } ?? .string(value)
      : .string(value)
    for style in [ContentStyle.marked, .exampled] {
      for role in roles(operation, in: scan) {
        var markers: [String] = []
        var call = Call(operation, [:], as: user)
        scan.complete(&call, for: operation)
        call.body = await scan.content(of: operation, style, &markers, for: user)
        call = call.with(member: member, named)
        if let role { call = call.with(member: role.name, role.value) }
        guard let answer = await scan.send(call), let after = await scan.send(before.call) else {
          return nil
        }
        scan.note(operation, user, answer)
        guard after.isSuccess, after.text != before.answer.text else { continue }
        let isThere =
          markers.contains { after.text.contains($0) }
          || role.map { role in
            let name = Operation.last(of: role.name)
            return after.json?.leaves.contains { $0.name == name && $0.value == role.value } == true
          } == true
        guard isThere else { continue }
        return (
          [
            FindingStep("somebody, as it was", before.call, before.answer),
            FindingStep("somebody else names it", call, answer),
            FindingStep("and it is changed", before.call, after),
          ], role != nil && !markers.contains { after.text.contains($0) }
        )
      }
    }
    return nil
  }

  /// The roles to try, if the content has a member for one; nil alone if it has none.
  private func roles(_ operation: Operation, in scan: isolated Scan) -> [JSONMember?] {
    guard
      let member = operation.leafMembers.first(where: {
        ["role", "roles", "usertype", "isadmin", "admin", "permissions"].contains(
          Names.plain(Operation.last(of: $0.name)))
      })
    else { return [nil] }
    return RoleValues.all(
      for: Operation.last(of: member.name), member.value, in: scan
    ).prefix(4).map {
      JSONMember(member.name, $0)
    }
  }
}
