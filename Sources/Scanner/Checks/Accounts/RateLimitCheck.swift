/// Whether passwords and one-time codes can be tried without end (API4).
struct RateLimitCheck: OperationCheck {
  static let name = "no-rate-limit"
  static let isQuick = false
  private static let attempts = 30

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    (scan.isLogin(operation) || RateLimitCheck.takesCode(operation))
      && scan.wants(.noRateLimit, at: operation)
  }

  /// Whether an operation takes a short code that could be guessed.
  private static func takesCode(_ operation: Operation) -> Bool {
    operation.method == "POST" && !operation.path.contains("{")
      && operation.bodyMembers.contains {
        let plain = Names.plain($0.name)
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
      guard let answer = await scan.send(call), answer.status == first.status,
        answer.text == first.text
      else { return }
      last = answer
    }
    var steps = [
      FindingStep("a wrong guess", call, first),
      FindingStep("the thirty-first wrong guess in a row", call, last),
    ]
    if isLogin,
      let owner = scan.identities.last(where: {
        $0.login?.path == operation.path && $0.login?.body[attempt.member]?.string == known
      }), let login = owner.login
    {
      guard let (right, answer) = await scan.canLogIn(owner.name, login) else { return }
      steps.append(FindingStep("the right one still does", right, answer))
    }
    scan.report(
      .noRateLimit, operation, nil, "thirty wrong guesses in a row change nothing", steps)
  }
}
