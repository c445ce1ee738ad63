/// Whether passwords and one-time codes can be tried without end (API4).
struct RateLimitCheck: OperationCheck {
  static let name = "no-rate-limit"
  static let isQuick = false
  private static let attempts = 30
  /// How many made-up addresses must be let through.
  private static let disguises = 12

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    (scan.isLogin(operation) || RateLimitCheck.takesCode(operation))
      && (scan.wants(.noRateLimit, at: operation) || scan.wants(.rateLimitBypass, at: operation))
  }

  /// Whether an operation takes a short code that could be guessed.
  private static func takesCode(_ operation: Operation) -> Bool {
    operation.method == "POST" && !operation.path.contains("{")
      && operation.leafMembers.contains {
        let plain = Names.plain(Operation.last(of: $0.name))
        return plain.hasSuffix("otp") || plain.hasSuffix("pin") || plain == "resetpasswordcode"
          || plain == "verificationcode" || plain == "resetcode"
      }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let attempt = LoginAttempt(operation), let known = await attempt.names(in: scan).first
    else { return }
    let isLogin = scan.isLogin(operation)
    let call = await attempt.call(known, in: scan)
    guard let first = await scan.send(call), first.status < 500, first.status != 429,
      isLogin || (400..<500).contains(first.status) || first.isSoftRefusal, !first.isSuccess
    else { return }
    var last = first
    for _ in 0..<RateLimitCheck.attempts {
      guard let answer = await scan.send(call) else { return }
      guard answer.status == first.status, answer.text == first.text else {
        return await bypass(operation, call, first, answer, in: scan)
      }
      last = answer
    }
    var steps = [
      FindingStep("a wrong guess", call, first),
      FindingStep("the thirty-first wrong guess in a row", call, last),
    ]
    if isLogin,
      let owner = scan.identities.last(where: {
        $0.login?.path == operation.path && $0.login?.body[dotted: attempt.member]?.string == known
      }), let login = owner.login
    {
      guard let (right, answer) = await scan.canLogIn(owner.name, login) else { return }
      steps.append(FindingStep("the right one still does", right, answer))
    }
    guard scan.wants(.noRateLimit, at: operation) else { return }
    scan.report(
      .noRateLimit, operation, nil, "thirty wrong guesses in a row change nothing", steps)
  }

  /// Whether a limit that was reached is lifted by an address that the caller makes up: each guess
  /// comes from another one, and guesses without stay refused before and after.
  private func bypass(
    _ operation: Operation, _ call: Call, _ first: Answer, _ limited: Answer,
    in scan: isolated Scan
  ) async {
    guard scan.wants(.rateLimitBypass, at: operation), limited.status != first.status,
      let before = await scan.send(call), before.status == limited.status
    else { return }
    for name in ["x-forwarded-for", "x-real-ip"] {
      var steps = [
        FindingStep("a wrong guess", call, first),
        FindingStep("one too many of them", call, before),
      ]
      // Addresses that are kept for documentation (RFC 5737).
      for number in 1...RateLimitCheck.disguises {
        let other = call.with(field: name, "203.0.113.\(number)")
        guard let answer = await scan.send(other), answer.status == first.status,
          answer.text == first.text
        else { break }
        if number == 1 || number == RateLimitCheck.disguises {
          steps.append(FindingStep("as if from another address", other, answer))
        }
      }
      guard steps.count == 4, let after = await scan.send(call), after.status == limited.status
      else { continue }
      steps.append(FindingStep("control: without the field", call, after))
      return scan.report(
        .rateLimitBypass, operation, name, "'\(name)' lifts the limit of attempts", steps)
    }
  }
}
