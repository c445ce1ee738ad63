/// Conditions in the syntax of XPath and LDAP filters (CWE-643, CWE-90).
struct PathExpressionProbe: Probe {
  static let kind = FindingKind.xpathInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    if scan.has(.sqlInjection, at: point.operation) { return }
    await compare(
      point, .xpathInjection, { "ghqz' or '\($0)'='\($0)" }, { "ghqz' or '\($0)'='\($0 + 1)" },
      in: scan)
    await compare(
      point, .directoryInjection, { "*)(|(gh=\($0))(cn=*" }, { "ghqz)(|(gh=\($0))(cn=ghqz" },
      in: scan)
  }

  private func compare(
    _ point: InputPoint, _ kind: FindingKind, _ truth: (Int) -> String, _ lie: (Int) -> String,
    in scan: isolated Scan
  ) async {
    guard scan.wants(kind, at: point.operation) else { return }
    // An SQL database is asked first, by a probe of its own: here it would look the same.
    let comment = point.with("ghqz' or 7=7 -- ")
    let all = point.with(truth(7))
    guard let one = await scan.send(all), one.isSuccess,
      let none = await scan.send(point.with(lie(7))),
      one.shape(without: [truth(7)]) != none.shape(without: [lie(7)]),
      one.text.utf8.count > none.text.utf8.count,
      let two = await scan.send(point.with(truth(41))),
      two.shape(without: [truth(41)]) == one.shape(without: [truth(7)]),
      let less = await scan.send(point.with(lie(41))),
      less.shape(without: [lie(41)]) == none.shape(without: [lie(7)]),
      let sql = await scan.send(comment)
    else { return }
    let isSQL = sql.shape(without: ["ghqz' or 7=7 -- "]) == one.shape(without: [truth(7)])
    scan.report(
      isSQL && kind == .xpathInjection ? .sqlInjection : kind, point.operation, point.name,
      "what is always true brings other results than what is never true",
      [
        FindingStep("always true", all, one), FindingStep("never true", point.with(lie(7)), none),
        FindingStep("always true, with another number", point.with(truth(41)), two),
      ])
  }
}
