/// A shell that shows nothing can still be told to wait: a series of waits that the answers
/// follow, against the operation's own noise (CWE-78).
struct DelayProbe: Probe {
  static let kind = FindingKind.commandInjection
  /// By how much an answer may take longer than its wait.
  private static let toleranceMilliseconds = 350

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    if scan.has(.commandInjection, at: point.operation) { return }
    await scan.beginWaits()
    await series(point, in: scan)
    scan.endWaits()
  }

  private func series(_ point: InputPoint, in scan: isolated Scan) async {
    let stem = point.current.isEmpty ? "a" : point.current
    for form in [";sleep @", "$(sleep @)", "|sleep @"] {
      func call(_ seconds: String) -> Call {
        point.with(stem + form.replacing("@", with: seconds))
      }
      guard let first = await scan.send(call("1.3")) else { return }
      if first.milliseconds < 1_300 {
        // A check of the input refuses the other forms as well.
        if (400..<500).contains(first.status), form == "$(sleep @)" { return }
        continue
      }
      var steps = [FindingStep("1.3 s: \(first.milliseconds) ms", call("1.3"), first)]
      var follows = true
      for (text, wanted) in [("0", 0), ("2.2", 2_200), ("0", 0), ("0.7", 700), ("1.6", 1_600)] {
        guard let answer = await scan.send(call(text)) else { return }
        steps.append(FindingStep("\(text) s: \(answer.milliseconds) ms", call(text), answer))
        if answer.milliseconds < wanted
          || answer.milliseconds > wanted + DelayProbe.toleranceMilliseconds
        {
          follows = false
          break
        }
      }
      if follows {
        return scan.report(
          .commandInjection, point.operation, point.name,
          "the answer waits as long as a shell is told to", steps)
      }
    }
  }
}
