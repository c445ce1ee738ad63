/// A file of the system is shown (CWE-22).
struct FileProbe: Probe {
  static let kind = FindingKind.pathTraversal

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    await FileProbe.probe(
      point, base,
      [
        "../../../../../../../../etc/passwd", "/etc/passwd",
        "....//....//....//....//....//etc/passwd", "file:///etc/passwd",
      ], in: scan)
  }

  static func probe(
    _ point: InputPoint, _ base: Answer, _ ways: [String], in scan: isolated Scan
  ) async {
    guard !Signs.isPasswordFile(base.text) else { return }
    for way in ways {
      let call = point.with(way)
      guard let answer = await scan.send(call) else { return }
      guard Signs.isPasswordFile(answer.text) else {
        if way == "/etc/passwd", !point.isFile, !point.isAddress { return }
        continue
      }
      let control = point.with(way.replacing("passwd", with: "ghnone"))
      guard let missing = await scan.send(control), !Signs.isPasswordFile(missing.text),
        let again = await scan.send(call), Signs.isPasswordFile(again.text)
      else { return }
      return scan.report(
        .pathTraversal, point.operation, point.name, "a file of the system is shown",
        [
          FindingStep("the file", call, answer),
          FindingStep("one that is not there", control, missing),
        ])
    }
  }
}

/// The same in the path.
struct PathFileProbe: Probe {
  static let kind = FindingKind.pathTraversal

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard point.isText, point.isFile, scan.wants(.pathTraversal, at: point.operation) else {
      return
    }
    await FileProbe.probe(point, base, ["../../../../../../../../etc/passwd"], in: scan)
  }
}
