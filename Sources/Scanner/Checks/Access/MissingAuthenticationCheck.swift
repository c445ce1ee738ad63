/// Whether what demands a credential by its description answers without one (API2).
struct MissingAuthenticationCheck: OperationCheck {
  static let name = "missing-auth"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.isRead && operation.isSecured && scan.wants(.missingAuthentication, at: operation)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    if operation.path.contains("{"), !FunctionReadCheck.isPrivileged(operation) {
      return await examineObject(operation, in: scan)
    }
    guard let (call, allowed, _) = await scan.reacher(of: operation), allowed.hasContent,
      call.identity != nil
    else { return }
    var steps = [FindingStep("with a credential", call, allowed)]
    for _ in 0..<2 {
      guard let answer = await scan.send(call.by(nil)) else { return }
      scan.note(operation, nil, answer)
      guard answer.isSuccess, answer.hasContent, Likeness.areAlike(answer, allowed) else { return }
      steps.append(FindingStep("without one", call.by(nil), answer))
    }
    scan.report(
      .missingAuthentication, operation, nil,
      "the description demands a credential, and none is needed", steps)
  }

  private func examineObject(_ operation: Operation, in scan: isolated Scan) async {
    guard let first = scan.users.first,
      let one = await ForeignObject.read(operation, of: first.name, by: nil, in: scan),
      let two = await ForeignObject.read(
        operation, of: (scan.users.dropFirst().first ?? first).name, by: nil, in: scan)
    else { return }
    scan.report(
      .missingAuthentication, operation, nil,
      "without any credential it does what it does for the owner", one + two)
  }
}
