/// A shell works out a sum that was slipped in (CWE-78).
struct CommandProbe: Probe {
  static let kind = FindingKind.commandInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    let stem = point.current.isEmpty ? "a" : point.current
    for form in [";expr @", "|expr @", "$(expr @)", "\nexpr @", "&&expr @", "';expr @;'"] {
      func payload(_ left: Int, _ right: Int) -> String {
        stem + form.replacing("@", with: "\(left) + \(right)")
      }
      let first = point.with(payload(48_271, 16_983))
      guard let one = await scan.send(first) else { return }
      guard one.text.contains("65254"), !base.text.contains("65254") else {
        // A refusal of the first forms by a check of the input refuses the others as well.
        if form == "|expr @" { return }
        continue
      }
      let second = point.with(payload(31_337, 4_111))
      guard let two = await scan.send(second), two.text.contains("35448") else { continue }
      return scan.report(
        .commandInjection, point.operation, point.name,
        "a shell works out a sum that was slipped in",
        [
          FindingStep("control", point.call, base), FindingStep("one sum", first, one),
          FindingStep("another", second, two),
        ])
    }
  }
}

/// The same in the path, where a slash would be another segment.
struct PathCommandProbe: Probe {
  static let kind = FindingKind.commandInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    let words = ["command", "cmd", "host", "system", "exec", "shell", "ping", "address", "domain"]
    let text = (point.name + point.operation.path).lowercased()
    guard point.isText, words.contains(where: { text.contains($0) }),
      scan.wants(.commandInjection, at: point.operation)
    else { return }
    await CommandProbe().probe(point, base, in: scan)
    if !scan.has(.commandInjection, at: point.operation) {
      // The parameter may be the command itself.
      let first = point.with("expr 48271 + 16983;")
      guard let one = await scan.send(first), one.text.contains("65254"),
        let two = await scan.send(point.with("expr 31337 + 4111;")), two.text.contains("35448")
      else { return }
      scan.report(
        .commandInjection, point.operation, point.name, "a shell runs what the path says",
        [
          FindingStep("control", point.call, base), FindingStep("one sum", first, one),
          FindingStep("another", point.with("expr 31337 + 4111;"), two),
        ])
    }
  }
}
