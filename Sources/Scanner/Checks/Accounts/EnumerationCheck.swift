/// Whether a login, or the way to a new password, tells which accounts exist (API2).
struct EnumerationCheck: OperationCheck {
  static let name = "user-enumeration"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    (scan.isLogin(operation) || EnumerationCheck.isRecovery(operation))
      && scan.wants(.enumeration, at: operation)
  }

  /// Whether an operation begins to give somebody a new password.
  static func isRecovery(_ operation: Operation) -> Bool {
    let path = (operation.graphField ?? operation.path).lowercased()
    return operation.method == "POST" && !operation.path.contains("{")
      && ["forgot", "forget", "reset", "recover"].contains { path.contains($0) }
      && !operation.isDangerous
      && !operation.leafMembers.contains {
        let plain = Names.plain(Operation.last(of: $0.name))
        return Names.isPassword($0.name)
          || ["otp", "pin", "code", "token"].contains {
            plain.hasSuffix($0)
          }
      }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let attempt = LoginAttempt(operation) else { return }
    for name in await attempt.names(in: scan).prefix(3)
    where !scan.has(.enumeration, at: operation) {
      await compare(attempt, name, in: scan)
    }
  }

  /// Compares the answers about an account that exists with those about two that do not.
  private func compare(_ attempt: LoginAttempt, _ known: String, in scan: isolated Scan) async {
    let exists = await attempt.call(known, in: scan)
    let first = await attempt.call(LoginAttempt.unknown(like: known, "q"), in: scan)
    let second = await attempt.call(LoginAttempt.unknown(like: known, "w"), in: scan)
    guard let here = await scan.send(exists), let away = await scan.send(first),
      let gone = await scan.send(second), let again = await scan.send(exists)
    else { return }
    scan.note(attempt.operation, nil, here)
    let shapes = [(here, exists), (again, exists), (away, first), (gone, second)].map {
      $0.0.shape(without: $0.1.body?.dotted.compactMap(\.value.string) ?? [])
    }
    let isLogin = scan.isLogin(attempt.operation)
    guard here.status != 429, again.status != 429, away.status < 500, here.status < 500,
      !isLogin || !here.isSuccess, shapes[0] == shapes[1], shapes[2] == shapes[3],
      shapes[0] != shapes[2]
    else { return }
    scan.report(
      .enumeration, attempt.operation, attempt.member,
      isLogin
        ? "a wrong password is answered otherwise than an account that does not exist"
        : "an account that exists is answered otherwise than one that does not",
      [
        FindingStep("an account that exists", exists, here),
        FindingStep("one that does not", first, away),
        FindingStep("another one that does not", second, gone),
      ])
  }
}
