/// Whether a registration gives rights that its description does not offer (API3): an account is
/// made with a member more, logs in, and looks at itself.
struct RegistrationCheck: OperationCheck {
  static let name = "mass-assignment-registration"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.name == scan.registrar?.name && scan.wants(.massAssignment, at: operation)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let plain = await scan.makeAccount() else { return }
    let allowed = Set(operation.leafMembers.map { Names.plain(Operation.last(of: $0.name)) })
    for member in candidates(plain.identity.name, plain.answer, in: scan)
    where !allowed.contains(Names.plain(member.name)) && !Names.isOwner(member.name) {
      for (wanted, other) in ForgedMembers.values(for: member, in: scan) {
        guard let control = await value(of: member.name, for: plain, in: scan),
          control.value != wanted,
          let first = await made(member.name, wanted, in: scan)
        else { continue }
        guard let second = await made(member.name, other, in: scan) else { continue }
        return scan.report(
          .massAssignment, operation, member.name,
          "an account that is made with '\(member.name)' has it",
          [FindingStep("an account made without it", control.call, control.answer)]
            + first + second)
      }
    }
  }

  /// The members by which the API shows people.
  private func candidates(
    _ name: String, _ answer: Answer, in scan: isolated Scan
  ) -> [JSONMember] {
    var members: [JSONMember] = []
    var seen: Set<String> = []
    let views =
      [answer]
      + scan.baselines.sorted { $0.key < $1.key }.flatMap { entry in
        entry.value.sorted { $0.key < $1.key }.map(\.value)
      }
    for view in views {
      for object in view.json?.objects ?? []
      where object.members.contains(where: {
        ["username", "email", "login", "name"].contains(Names.plain($0.name))
      }) {
        for member in object.members
        where ForgedMembers.matters(member.name) && seen.insert(Names.plain(member.name)).inserted {
          members.append(member)
        }
      }
    }
    return members
  }

  private typealias Account = (identity: Identity, call: Call, answer: Answer)

  /// What the API shows of an account's member: by its own answer, to the account, or in a list.
  private func value(
    of member: String, for account: Account, in scan: isolated Scan
  ) async -> (value: JSONValue, call: Call, answer: Answer)? {
    if let view = await scan.selfView(of: account.identity.name),
      let value = view.answer.json?.objects.lazy.compactMap({ $0[member] }).first
    {
      return (value, view.call, view.answer)
    }
    let own = (account.call.body?.dotted ?? []).compactMap(\.value.string)
      .filter { $0.hasPrefix("gh") }
    for operation in scan.operations
    where operation.method == "GET" && !operation.path.contains("{")
      && scan.baselines[operation.name]?.values.contains(where: {
        $0.json?.objects.contains { $0[member] != nil } == true
      }) == true
    {
      var call = Call(operation, [:], as: (scan.administrator ?? account.identity).name)
      scan.complete(&call, for: operation)
      guard let answer = await scan.send(call), answer.isSuccess else { continue }
      for object in answer.json?.objects ?? [] {
        let texts = object.members.compactMap(\.value.string)
        if own.contains(where: { texts.contains($0) }), let value = object[member] {
          return (value, call, answer)
        }
      }
    }
    // Last, the answer to the registration itself, if it shows more than it was told.
    if let object = account.answer.json?.objects.first(where: { $0.members.count > 2 }),
      let value = object[member]
    {
      return (value, account.call, account.answer)
    }
    return nil
  }

  private func made(
    _ member: String, _ value: JSONValue, in scan: isolated Scan
  ) async -> [FindingStep]? {
    guard let account = await scan.makeAccount([JSONMember(member, value)]),
      let shown = await self.value(of: member, for: account, in: scan), shown.value == value
    else { return nil }
    return [
      FindingStep("an account made with it", account.call, account.answer),
      FindingStep("has it", shown.call, shown.answer),
    ]
  }
}
