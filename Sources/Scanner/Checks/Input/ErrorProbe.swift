/// A value of another type brings a stack trace (CWE-209).
struct ErrorProbe: Probe {
  static let kind = FindingKind.verboseError

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard scan.wants(.verboseError, at: point.operation),
      !scan.has(.sqlInjection, at: point.operation),
      !scan.has(.verboseError, at: point.operation)
    else { return }
    let call = point.with("gh'\"{x")
    guard let broken = await scan.send(call) else { return }
    if broken.status >= 500, scan.wants(.serverError, at: point.operation) {
      scan.report(
        .serverError, point.operation, point.name, "a text of odd characters brings an error",
        [FindingStep("control", point.call, base), FindingStep("odd characters", call, broken)])
    }
    guard broken.status >= 400, Signs.isTrace(broken.text), !Signs.isTrace(base.text),
      let again = await scan.send(call), Signs.isTrace(again.text)
    else { return }
    scan.report(
      .verboseError, point.operation, point.name, "a value of another type brings a stack trace",
      [FindingStep("control", point.call, base), FindingStep("another type", call, broken)])
  }
}
