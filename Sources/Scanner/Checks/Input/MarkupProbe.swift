/// Markup comes back unescaped as HTML (CWE-79).
struct MarkupProbe: Probe {
  static let kind = FindingKind.scripting

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard base.isHTML else { return }
    var steps: [FindingStep] = []
    for payload in ["<ghx onx=1>", "\"><ghy onx=2>"] {
      let call = point.with(payload)
      guard let answer = await scan.send(call), answer.text.contains(payload), answer.isHTML else {
        return
      }
      steps.append(FindingStep("it comes back as it is", call, answer))
    }
    scan.report(
      .scripting, point.operation, point.name, "markup comes back unescaped as HTML", steps)
  }
}
