/// A single quote brings an error of a database, and two do not (CWE-89).
struct QuoteProbe: Probe {
  static let kind = FindingKind.sqlInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard !scan.has(.sqlInjection, at: point.operation) else { return }
    let stem = point.place == .path ? point.current : "gh"
    for quote in ["'", "\""] {
      let (one, two) = (point.with(stem + quote), point.with(stem + quote + quote))
      guard let broken = await scan.send(one) else { return }
      if broken.status == base.status, broken.text == base.text { return }
      guard Signs.isDatabaseError(broken.text) else { continue }
      guard let mended = await scan.send(two), !Signs.isDatabaseError(mended.text),
        let again = await scan.send(one), Signs.isDatabaseError(again.text)
      else { return }
      return scan.report(
        .sqlInjection, point.operation, point.name, "a quote breaks the query, and two do not",
        [FindingStep("one quote", one, broken), FindingStep("two quotes", two, mended)])
    }
  }
}
