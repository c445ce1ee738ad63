/// Whether operations ask who calls, and in which role (API2, API5).
extension Scan {
  /// Words by which a description marks what is the administrators'.
  private static let privileged = [
    "admin", "administrator", "administrators", "administration", "superuser", "staff",
    "backoffice", "internal", "root", "management",
  ]

  private func isPrivileged(_ operation: Operation) -> Bool {
    let text = (operation.path + " " + operation.words).lowercased()
    let words = text.split { !$0.isLetter }.map(String.init)
    return operation.isSecured && words.contains { Scan.privileged.contains($0) }
  }

  func checkFunctionLevel(_ operation: Operation) async {
    guard operation.method == "GET", operation.isSecured else { return }
    let reference = administrator ?? users.first
    guard let reference, let (values, _) = await values(for: operation, of: reference.name) else {
      return
    }
    var call = Call(operation, values, as: reference.name)
    complete(&call, for: operation)
    guard let allowed = await send(call) else { return }
    note(operation, reference.name, allowed)
    guard allowed.isSuccess, allowed.hasContent else { return }
    if !operation.path.contains("{") || isPrivileged(operation),
      await checkAnonymous(operation, call, allowed)
    {
      return
    }
    guard administrator != nil, isPrivileged(operation),
      wants(.functionLevel, at: operation.name)
    else { return }
    var steps = [FindingStep("the administrator may", call, allowed)]
    for user in users.prefix(2) {
      guard let answer = await send(call.by(user.name)) else { return }
      note(operation, user.name, answer)
      guard answer.isSuccess, answer.hasContent, resembles(answer, allowed) else { return }
      steps.append(FindingStep("an ordinary user may too", call.by(user.name), answer))
    }
    guard steps.count > 1 else { return }
    report(
      .functionLevel, operation.name, nil, "an ordinary user gets what the administrator gets",
      steps)
  }

  /// Whether it answers without a credential as with one; reports it if so.
  private func checkAnonymous(
    _ operation: Operation, _ call: Call, _ allowed: Answer
  ) async -> Bool {
    guard wants(.missingAuthentication, at: operation.name) else { return false }
    var steps = [FindingStep("with a credential", call, allowed)]
    for _ in 0..<2 {
      guard let answer = await send(call.by(nil)) else { return false }
      note(operation, nil, answer)
      guard answer.isSuccess, answer.hasContent, resembles(answer, allowed) else { return false }
      steps.append(FindingStep("without one", call.by(nil), answer))
    }
    report(
      .missingAuthentication, operation.name, nil,
      "the description demands a credential, and none is needed", steps)
    return true
  }

  /// Whether two answers are of one form and one answer is no mere shell of the other.
  private func resembles(_ left: Answer, _ right: Answer) -> Bool {
    if left.text == right.text { return true }
    let names = Set((right.json?.leaves ?? []).map(\.name))
    let others = Set((left.json?.leaves ?? []).map(\.name))
    return !names.isEmpty && names == others
  }

  /// Creating without a credential.
  func checkAnonymousCreation(_ operation: Operation) async {
    guard operation.method == "POST", operation.isSecured, !operation.path.contains("{"),
      let style = contents[operation.name], wants(.missingAuthentication, at: operation.name)
    else { return }
    var steps: [FindingStep] = []
    for _ in 0..<2 {
      var markers: [String] = []
      var call = Call(operation, [:], as: nil)
      complete(&call, for: operation)
      call.body = content(of: operation, style, &markers)
      guard let answer = await send(call), answer.isSuccess,
        markers.contains(where: { answer.text.contains($0) })
      else { return }
      steps.append(FindingStep("without a credential", call, answer))
    }
    report(
      .missingAuthentication, operation.name, nil,
      "the description demands a credential, and none is needed", steps)
  }
}
