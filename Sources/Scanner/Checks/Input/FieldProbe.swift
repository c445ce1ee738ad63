/// A line break in a value begins a field of the answer (CWE-113).
struct FieldProbe: Probe {
  static let kind = FindingKind.headerInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    // Only where a value comes back in a field at all.
    guard point.place == .query, (300..<400).contains(base.status) || point.isAddress else {
      return
    }
    var steps: [FindingStep] = []
    for name in ["x-gh-one", "x-gh-two"] {
      let call = point.with("gh\r\n\(name): gatehouse")
      guard let answer = await scan.send(call), answer.field(name) == "gatehouse" else { return }
      steps.append(FindingStep("a field of the caller's is in the answer", call, answer))
    }
    scan.report(
      .headerInjection, point.operation, point.name,
      "a line break in the value begins a field of the answer", steps)
  }
}
