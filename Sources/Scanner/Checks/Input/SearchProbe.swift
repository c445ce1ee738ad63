/// A search: a condition that is always true brings more than one that is never (CWE-89).
struct SearchProbe: Probe {
  static let kind = FindingKind.sqlInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard point.operation.isRead else {
      return await QuoteProbe().probe(point, base, in: scan)
    }
    let stem = "ghqz"
    let control = point.with(stem)
    guard let nothing = await scan.send(control), let still = await scan.send(control) else {
      return
    }
    let empty = nothing.shape(without: [stem])
    guard empty == still.shape(without: [stem]) else { return }
    for (open, close) in [("'", " -- "), ("')", " -- "), ("\"", " -- "), ("", "")] {
      if open == "\"", scan.settings.isQuick { break }
      let head = open.isEmpty ? "0" : stem + open
      let truth = { (number: Int) in "\(head) or \(number)=\(number)\(close)" }
      let lie = { (number: Int) in "\(head) or \(number)=\(number + 1)\(close)" }
      guard let all = await scan.send(point.with(truth(7))), all.isSuccess else { continue }
      let full = all.shape(without: [truth(7)])
      if full == empty { continue }
      guard let none = await scan.send(point.with(lie(7))),
        let more = await scan.send(point.with(truth(41))),
        let less = await scan.send(point.with(lie(41)))
      else { return }
      guard more.shape(without: [truth(41)]) == full,
        none.shape(without: [lie(7)]) == less.shape(without: [lie(41)]),
        none.shape(without: [lie(7)]) != full
      else { continue }
      return scan.report(
        .sqlInjection, point.operation, point.name,
        "what is always true brings other results than what is never true",
        [
          FindingStep("control", control, nothing),
          FindingStep("always true", point.with(truth(7)), all),
          FindingStep("never true", point.with(lie(7)), none),
          FindingStep("always true, with another number", point.with(truth(41)), more),
        ])
    }
    await QuoteProbe().probe(point, nothing, in: scan)
  }
}
