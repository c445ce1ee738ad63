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
    if await isForAll(operation, call, allowed, in: scan) { return }
    scan.report(
      .missingAuthentication, operation, nil,
      "the description demands a credential, and none is needed", steps)
  }

  /// Whether two users see the same, and nothing of it is private by its name: a catalogue, where a
  /// credential is welcome and not demanded, whatever the description says.
  private func isForAll(
    _ operation: Operation, _ call: Call, _ allowed: Answer, in scan: isolated Scan
  ) async -> Bool {
    guard !FunctionReadCheck.isPrivileged(operation),
      let other = scan.users.first(where: { $0.name != call.identity }),
      let theirs = await scan.send(call.by(other.name)), theirs.isSuccess,
      // What was made since the first look is in both.
      let now = await scan.send(call), now.isSuccess
    else { return false }
    let (ours, others) = (texts(now), texts(theirs))
    // Some say beside each entry whether the caller likes it: not all of it need be the same.
    return ours.intersection(others).count * 5 >= ours.union(others).count * 4
      && !ForeignObject.holdsPrivate(allowed)
  }

  private func texts(_ answer: Answer) -> Set<String> {
    Set((answer.json?.leaves ?? []).compactMap(\.value.scalarText).filter { $0.utf8.count >= 4 })
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
