/// A file of the system is shown (CWE-22).
struct FileProbe: Probe {
  static let kind = FindingKind.pathTraversal

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    let file = LureFile(for: point.operation)
    await FileProbe.probe(
      point, base, file,
      [
        "../../../../../../../..\(file.path)", file.path,
        "....//....//....//....//..../\(file.path)", "file://\(file.path)",
      ], in: scan)
  }

  static func probe(
    _ point: InputPoint, _ base: Answer, _ file: LureFile, _ ways: [String],
    in scan: isolated Scan
  ) async {
    guard !file.isShown(in: base.text) else { return }
    for way in ways {
      let call = point.with(way)
      guard let answer = await scan.send(call) else { return }
      guard file.isShown(in: answer.text) else {
        if way == file.path, !point.isFile, !point.isAddress { return }
        continue
      }
      let control = point.with(way.replacing(file.name, with: "ghnone"))
      guard let missing = await scan.send(control), !file.isShown(in: missing.text),
        let again = await scan.send(call), file.isShown(in: again.text)
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

/// The file of the system that an operation is asked for: one that every system has.
///
/// An operation that keeps what it is sent under a name that it is sent would put it over the file.
/// So whatever may write is asked for one that nobody can write to, the superuser included, in a
/// folder where nobody can make another.
struct LureFile {
  /// Where it is.
  let path: String
  private let isReadOnly: Bool

  init(for operation: Operation) {
    isReadOnly = !operation.isRead
    path = isReadOnly ? "/proc/version" : "/etc/passwd"
  }

  /// The last part of the path.
  var name: String { isReadOnly ? "version" : "passwd" }

  /// Whether a text has what stands in the file.
  func isShown(in text: String) -> Bool {
    isReadOnly ? Signs.isKernelVersion(text) : Signs.isPasswordFile(text)
  }
}

/// The same in the path.
struct PathFileProbe: Probe {
  static let kind = FindingKind.pathTraversal

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard point.isText, point.isFile, scan.wants(.pathTraversal, at: point.operation) else {
      return
    }
    let file = LureFile(for: point.operation)
    await FileProbe.probe(
      point, base, file, ["../../../../../../../..\(file.path)"], in: scan)
  }
}
