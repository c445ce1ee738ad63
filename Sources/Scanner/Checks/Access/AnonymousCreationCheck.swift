/// Whether things are made and changed without the credential that the description demands (API2).
struct AnonymousCreationCheck: OperationCheck {
  static let name = "missing-auth-write"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    !operation.isRead && operation.isSecured && scan.wants(.missingAuthentication, at: operation)
      && !scan.has(.missingAuthentication, at: operation) && !scan.isLogin(operation)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    if operation.path.contains("{") { return await examineObject(operation, in: scan) }
    guard operation.method == "POST", scan.contents[operation.name] != nil else { return }
    var steps: [FindingStep] = []
    for _ in 0..<2 {
      var markers: [String] = []
      var call = Call(operation, [:], as: nil)
      scan.complete(&call, for: operation)
      call.body = await scan.usualContent(of: operation, &markers, for: scan.users.first?.name)
      guard let answer = await scan.send(call), answer.isSuccess,
        markers.contains(where: { answer.text.contains($0) })
      else { return }
      steps.append(FindingStep("without a credential", call, answer))
    }
    scan.report(
      .missingAuthentication, operation, nil,
      "the description demands a credential, and none is needed", steps)
  }

  private func examineObject(_ operation: Operation, in scan: isolated Scan) async {
    guard let first = scan.users.first,
      let one = await ForeignObject.change(operation, of: first.name, by: nil, in: scan),
      let two = await ForeignObject.change(
        operation, of: (scan.users.dropFirst().first ?? first).name, by: nil, in: scan)
    else { return }
    scan.report(
      .missingAuthentication, operation, nil,
      "without any credential it does what it does for the owner", one + two)
  }
}
