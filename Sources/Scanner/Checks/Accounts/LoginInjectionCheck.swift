/// Whether a login lets in whoever brings a condition that is always true (CWE-89, CWE-943).
struct LoginInjectionCheck: OperationCheck {
  static let name = "login-injection"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    scan.isLogin(operation)
      && (scan.wants(.sqlInjection, at: operation) || scan.wants(.noSQLInjection, at: operation))
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let attempt = LoginAttempt(operation) else { return }
    let control = await attempt.call("ghqz", in: scan)
    guard let refused = await scan.send(control), !refused.isSuccess else { return }
    let secrets = operation.leafMembers.map(\.name).filter(Names.isPassword)
    for member in [attempt.member] + secrets.prefix(1) {
      await conditions(operation, control, member, refused, in: scan)
      if scan.has(.sqlInjection, at: operation) { return }
    }
    await operators(operation, control, secrets, refused, attempt.member, in: scan)
  }

  private func conditions(
    _ operation: Operation, _ control: Call, _ member: String, _ refused: Answer,
    in scan: isolated Scan
  ) async {
    guard scan.wants(.sqlInjection, at: operation) else { return }
    for (open, close) in [("'", " -- "), ("\"", " -- ")] {
      func call(_ left: Int, _ right: Int) -> Call {
        control.with(member: member, .string("ghqz\(open) or \(left)=\(right)\(close)"))
      }
      guard let all = await scan.send(call(7, 7)) else { return }
      if all.isSuccess, let none = await scan.send(call(7, 8)), !none.isSuccess,
        let more = await scan.send(call(41, 41)), more.isSuccess
      {
        return scan.report(
          .sqlInjection, operation, member, "a condition that is always true is let in",
          [
            FindingStep("control", control, refused),
            FindingStep("always true", call(7, 7), all),
            FindingStep("never true", call(7, 8), none),
            FindingStep("always true, with another number", call(41, 41), more),
          ])
      }
      let point = InputPoint(
        operation: operation, call: control, place: .member, name: member, values: [:],
        schema: [:])
      await QuoteProbe().probe(point, refused, in: scan)
      if scan.has(.sqlInjection, at: operation) { return }
    }
  }

  private func operators(
    _ operation: Operation, _ control: Call, _ secrets: [String], _ refused: Answer,
    _ member: String, in scan: isolated Scan
  ) async {
    guard scan.wants(.noSQLInjection, at: operation), let secret = secrets.first else { return }
    func call(_ name: String, _ value: String) -> Call {
      control.with(member: secret, .object([JSONMember(name, .string(value))]))
        .with(member: member, ["$ne": .string("ghqz")])
    }
    guard let all = await scan.send(call("$ne", "gh-1")), all.isSuccess,
      let none = await scan.send(call("$eq", "gh-1")), !none.isSuccess,
      let more = await scan.send(call("$ne", "gh-2")), more.isSuccess
    else { return }
    scan.report(
      .noSQLInjection, operation, secret, "an operator in place of the password is let in",
      [
        FindingStep("control", control, refused),
        FindingStep("any password but one", call("$ne", "gh-1"), all),
        FindingStep("only that one", call("$eq", "gh-1"), none),
        FindingStep("any password but another", call("$ne", "gh-2"), more),
      ])
  }
}
