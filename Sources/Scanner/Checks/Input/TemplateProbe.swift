/// A product in a template is worked out (CWE-1336).
struct TemplateProbe: Probe {
  static let kind = FindingKind.templateInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    for form in ["{{@}}", "${@}", "<%= @ %>", "#{@}"] {
      let first = point.with("gh" + form.replacing("@", with: "7919*6007") + "gh")
      guard let one = await scan.send(first) else { return }
      guard one.text.contains("gh47569433gh") else {
        if form == "${@}" { return }
        continue
      }
      let second = point.with("gh" + form.replacing("@", with: "6113*5003") + "gh")
      guard let two = await scan.send(second), two.text.contains("gh30583339gh") else { continue }
      return scan.report(
        .templateInjection, point.operation, point.name, "a product in a template is worked out",
        [
          FindingStep("control", point.call, base), FindingStep("one product", first, one),
          FindingStep("another", second, two),
        ])
    }
  }
}

/// What the path holds, where the answer shows it again: as a template, and as markup.
struct EchoProbe: Probe {
  static let kind = FindingKind.templateInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard point.isText, point.current.utf8.count >= 3, base.text.contains(point.current),
      !scan.settings.isQuick
    else { return }
    if scan.wants(.templateInjection, at: point.operation) {
      await TemplateProbe().probe(point, base, in: scan)
    }
    if scan.wants(.scripting, at: point.operation) {
      await MarkupProbe().probe(point, base, in: scan)
    }
  }
}
