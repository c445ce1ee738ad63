/// How far a scan has come, so that one that was cut short goes on where it was.
package struct ScanState: Sendable {
  /// The checks that are done, by name.
  package var done: [String] = []
  package var findings: [Finding] = []

  package init() {}

  /// What an earlier scan wrote down; nil if it is no such text.
  package init?(_ bytes: [UInt8]) {
    guard let root = JSONValue.read(bytes), root["format"]?.string == "gatehouse-scan-state-1"
    else { return nil }
    done = (root["done"]?.elements ?? []).compactMap(\.string)
    findings = (root["findings"]?.elements ?? []).compactMap { Finding(recorded: $0) }
  }

  /// The state as JSON text.
  package var text: String {
    let value: JSONValue = [
      "format": "gatehouse-scan-state-1",
      "done": .array(done.map { .string($0) }),
      "findings": .array(findings.map(\.value)),
    ]
    return value.serialized + "\n"
  }
}
