/// Whether ordinary users get what is the administrators' to see (API5).
struct FunctionReadCheck: OperationCheck {
  static let name = "function-level"

  /// Words by which a description marks what is the administrators'.
  private static let privileged: Set<String> = [
    "admin", "administrator", "administrators", "administration", "superuser", "staff", "admins",
    "backoffice", "internal", "root", "management", "moderator", "operator", "superadmin",
  ]

  /// Whether a description says that an operation is not for everybody.
  static func isPrivileged(_ operation: Operation) -> Bool {
    let text = (operation.path + " " + (operation.graphField ?? "") + " " + operation.words)
      .lowercased()
    let words = text.split { !$0.isLetter }.map(String.init)
    return words.contains { privileged.contains($0) }
  }

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.isRead && scan.administrator != nil && !scan.users.isEmpty
      && FunctionReadCheck.isPrivileged(operation) && scan.wants(.functionLevel, at: operation)
      && (operation.isSecured || !scan.description.declaresSecurity)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let root = scan.administrator,
      let (values, _) = await scan.values(for: operation, of: root.name)
    else { return }
    var call = Call(operation, values, as: root.name)
    scan.complete(&call, for: operation)
    guard let allowed = await scan.send(call) else { return }
    scan.note(operation, root.name, allowed)
    guard allowed.isSuccess, allowed.hasContent else { return }
    var steps = [FindingStep("the administrator may", call, allowed)]
    if let none = await scan.send(call.by(nil)) {
      scan.note(operation, nil, none)
      // What anybody may is no matter of roles.
      if none.isSuccess, Likeness.areAlike(none, allowed) { return }
      steps.append(FindingStep("nobody without a credential may", call.by(nil), none))
    }
    for user in scan.users.prefix(2) {
      guard let answer = await scan.send(call.by(user.name)) else { return }
      scan.note(operation, user.name, answer)
      guard answer.isSuccess, answer.hasContent, Likeness.areAlike(answer, allowed) else { return }
      steps.append(FindingStep("an ordinary user may too", call.by(user.name), answer))
    }
    scan.report(
      .functionLevel, operation, nil, "an ordinary user gets what the administrator gets", steps)
  }
}
