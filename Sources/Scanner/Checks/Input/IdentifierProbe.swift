/// A lookup by identifier: the object comes with a true condition behind it, and not with a false
/// one (CWE-89).
struct IdentifierProbe: Probe {
  static let kind = FindingKind.sqlInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard scan.wants(.sqlInjection, at: point.operation), !point.current.isEmpty,
      !scan.has(.sqlInjection, at: point.operation)
    else { return }
    let value = point.current
    if base.isSuccess, base.hasContent {
      let plain = base.shape(without: [value])
      for (open, end) in [("' and '", "'='"), ("\" and \"", "\"=\""), (" and ", "=")] {
        if open.hasPrefix("\""), scan.settings.isQuick { continue }
        let truth = { (number: Int) in "\(value)\(open)\(number)\(end)\(number)" }
        let lie = { (number: Int) in "\(value)\(open)\(number)\(end)\(number + 1)" }
        guard let all = await scan.send(point.with(truth(7))), all.isSuccess,
          all.shape(without: [truth(7), value]) == plain,
          let none = await scan.send(point.with(lie(7))),
          none.shape(without: [lie(7), value]) != plain,
          let more = await scan.send(point.with(truth(41))),
          more.shape(without: [truth(41), value]) == plain,
          let less = await scan.send(point.with(lie(41))),
          less.shape(without: [lie(41), value]) != plain
        else { continue }
        return scan.report(
          .sqlInjection, point.operation, point.name,
          "the object comes with a true condition behind its identifier, and not with a false one",
          [
            FindingStep("control", point.call, base),
            FindingStep("true condition", point.with(truth(7)), all),
            FindingStep("false condition", point.with(lie(7)), none),
          ])
      }
    }
    await QuoteProbe().probe(point, base, in: scan)
    if !scan.has(.sqlInjection, at: point.operation), !base.hasContent || !base.isSuccess {
      // Nothing stands there: then what is always true may bring what is another's.
      await SearchProbe().probe(point, base, in: scan)
    }
  }
}
