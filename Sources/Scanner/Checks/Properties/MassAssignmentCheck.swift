/// Whether members are taken over that the description does not let callers set (API3), read back
/// from what the API then shows.
struct MassAssignmentCheck: OperationCheck {
  static let name = "mass-assignment"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    ["POST", "PUT", "PATCH"].contains(operation.method) && operation.body != nil
      && operation.graphField == nil && !scan.isLogin(operation) && !scan.users.isEmpty
      && operation.name != scan.registrar?.name && scan.wants(.massAssignment, at: operation)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    let isOwnProfile = !operation.path.contains("{") && operation.method != "POST"
    var user = scan.users[0].name
    if isOwnProfile, let account = await scan.makeAccount() { user = account.identity.name }
    let needsObject = operation.method != "POST" && !isOwnProfile
    guard let (values, made) = await scan.values(for: operation, of: user, fresh: needsObject),
      made != nil || !needsObject,
      let control = await plainly(operation, values, user, in: scan)
    else { return }
    let trial = Trial(
      operation: operation, values: values, user: user, isOwnProfile: isOwnProfile)
    let allowed = Set(operation.leafMembers.map { Names.plain(Operation.last(of: $0.name)) })
    var taken: [String] = []
    var steps = [FindingStep("without the member", control.call, control.answer)]
    for member in await shown(trial, control.answer, in: scan)
    where !allowed.contains(Names.plain(member.name))
      || (isOwnProfile && Names.isRight(member.name))
    {
      for (wanted, other) in ForgedMembers.values(
        for: member, isOwn: isOwnProfile && user == scan.users[0].name, in: scan)
      {
        guard let first = await inject(member.name, wanted, trial, in: scan) else { continue }
        if isOwnProfile { _ = await inject(member.name, member.value, trial, in: scan) }
        let second = await inject(member.name, other, trial, in: scan)
        if isOwnProfile { _ = await inject(member.name, member.value, trial, in: scan) }
        guard let second else { continue }
        steps += first + second
        taken.append(member.name)
        break
      }
    }
    guard !taken.isEmpty else { return }
    scan.report(
      .massAssignment, operation, taken.joined(separator: ", "),
      "members that the description does not let callers set are taken over", steps)
  }

  private struct Trial {
    let operation: Operation
    let values: [String: String]
    let user: String
    let isOwnProfile: Bool
  }

  /// The members that the object is shown with, by the answer or by what reads it.
  private func shown(
    _ trial: Trial, _ answer: Answer, in scan: isolated Scan
  ) async -> [JSONMember] {
    var members = answer.json?.objects.first?.members ?? []
    for inner in members.map(\.value) where !inner.members.isEmpty { members += inner.members }
    if !members.contains(where: { ForgedMembers.matters($0.name) }) {
      if trial.isOwnProfile, let view = await scan.selfView(of: trial.user) {
        members += view.answer.json?.objects.first?.members ?? []
      } else if let (_, view) = await scan.read(trial.operation, trial.values, as: trial.user) {
        members += view.json?.objects.first?.members ?? []
      }
    }
    var seen: Set<String> = []
    return members.filter { seen.insert($0.name).inserted }
  }

  /// Sends the operation's usual content.
  private func plainly(
    _ operation: Operation, _ values: [String: String], _ user: String, in scan: isolated Scan
  ) async -> (call: Call, answer: Answer)? {
    for style in scan.contents[operation.name].map({ [$0] }) ?? ContentStyle.allCases {
      var markers: [String] = []
      var call = Call(operation, values, as: user)
      scan.complete(&call, for: operation)
      call.body = await scan.content(of: operation, style, &markers, for: user)
      guard let answer = await scan.send(call) else { return nil }
      scan.note(operation, user, answer)
      if answer.isSuccess {
        scan.contents[operation.name] = style
        return (call, answer)
      }
      if [401, 403].contains(answer.status) { return nil }
    }
    return nil
  }

  /// Sends the content with one more member; the steps if the API took that over.
  private func inject(
    _ name: String, _ value: JSONValue, _ trial: Trial, in scan: isolated Scan
  ) async -> [FindingStep]? {
    let operation = trial.operation
    var target = trial.values
    if operation.method != "POST", !trial.isOwnProfile {
      // Each time another object: one that was given away is no longer the user's to change.
      guard let fresh = await scan.values(for: operation, of: trial.user, fresh: true),
        fresh.made != nil
      else { return nil }
      target = fresh.values
    }
    var markers: [String] = []
    var call = Call(operation, target, as: trial.user)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: trial.user)
    call = call.with(member: operation.wrapper + name, value)
    guard let answer = await scan.send(call), answer.isSuccess else { return nil }
    let step = FindingStep("with the member", call, answer)
    // An answer that echoes its request back under a name of its own proves nothing.
    let found = answer.json?.objects.contains { $0[name] == value && $0.members.count > 1 }
    if found == true { return [step] }
    guard answer.json?.objects.contains(where: { $0[name] != nil }) != true else { return nil }
    // The answer does not show it: what reads the object may.
    let view =
      trial.isOwnProfile
      ? await scan.selfView(of: trial.user)
      : operation.method == "POST"
        ? nil : await scan.read(operation, target, as: trial.user).map { ($0.call, $0.answer) }
    guard let view, view.answer.json?.objects.contains(where: { $0[name] == value }) == true
    else { return nil }
    return [step, FindingStep("it is shown from then on", view.call, view.answer)]
  }
}
