import Client

/// Whether the `Host` field of a request, or what proxies put beside it, decides about links that
/// others are given (CWE-644).
///
/// Asked only where an answer holds a link to the target itself; requests still go to the target.
struct HostCheck: Check {
  static let name = "host-header"
  private static let operationsMax = 6

  func run(in scan: isolated Scan) async {
    guard scan.wants(.hostHeader) else { return }
    let own = "://" + scan.settings.origin.authority
    var left = HostCheck.operationsMax
    for operation in scan.operations where scan.isWanted(operation) && left > 0 {
      guard let call = await linking(operation, own, in: scan) else { continue }
      left -= 1
      if await examine(operation, call, own, in: scan) { return }
    }
  }

  /// The call whose answer holds a link to the target; nil if an operation has none.
  private func linking(
    _ operation: Operation, _ own: String, in scan: isolated Scan
  ) async -> Call? {
    if operation.isRead {
      guard let known = scan.reachers[operation.name], HostCheck.holds(known.answer, own) else {
        return nil
      }
      return known.call
    }
    // The way to a new password: a link that somebody else is sent.
    guard EnumerationCheck.isRecovery(operation), let attempt = LoginAttempt(operation),
      let name = await attempt.names(in: scan).first
    else { return nil }
    let call = await attempt.call(name, in: scan)
    guard let answer = await scan.send(call), HostCheck.holds(answer, own) else { return nil }
    return call
  }

  private static func holds(_ answer: Answer, _ link: String) -> Bool {
    answer.text.contains(link) || answer.field("location")?.contains(link) == true
      || answer.field("link")?.contains(link) == true
  }

  private func examine(
    _ operation: Operation, _ call: Call, _ own: String, in scan: isolated Scan
  ) async -> Bool {
    guard let control = await scan.send(call) else { return false }
    for name in ["host", "x-forwarded-host"] {
      var steps = [FindingStep("control: links name the target", call, control)]
      for host in ["gh-one.example", "gh-two.example"] {
        let other = call.with(field: name, host)
        guard let answer = await scan.send(other), HostCheck.holds(answer, "://" + host) else {
          break
        }
        steps.append(FindingStep("links name what the caller says", other, answer))
      }
      guard steps.count == 3 else { continue }
      scan.report(
        .hostHeader, operation, name, "links in the answer go where '\(name)' says", steps)
      return true
    }
    return false
  }
}
