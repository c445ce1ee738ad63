/// What a scan came to, for the reports.
package struct ScanReport: Sendable {
  package let title: String
  package let target: String
  /// The name of the description, as the user wrote it.
  package let source: String
  /// The line of each operation in the description.
  let lines: [String: Int]
  package let findings: [Finding]
  /// What is worth knowing and no hole.
  package let notices: [Finding]
  /// For each operation, whom it answered with which status.
  package let coverage: [OperationCoverage]
  package let requestCount: Int
  package let milliseconds: Int
  package let assumptions: [String]
  /// Whether the budget ended before the scan did.
  package let isExhausted: Bool
  /// Whether the target stopped answering before the scan's end.
  package let isGone: Bool
  package let isQuick: Bool
  /// The findings of an earlier scan, to compare with.
  package var earlier: [RecordedFinding] = []

  /// Operations that answered 2xx to somebody.
  package var reachedCount: Int { coverage.count { $0.isReached } }

  /// The findings that the earlier scan did not have.
  package var fresh: [Finding] {
    let known = Set(earlier.map(\.id))
    return findings.filter { !known.contains($0.id) }
  }

  /// What the earlier scan had and this one does not.
  package var gone: [RecordedFinding] {
    let present = Set(findings.map(\.id))
    return earlier.filter { !present.contains($0.id) }
  }

  /// The findings, the worst first.
  var bySeverity: [Finding] {
    findings.sorted {
      (-$0.kind.score, $0.place, $0.kind.rawValue) < (-$1.kind.score, $1.place, $1.kind.rawValue)
    }
  }

  /// The report as JSON text.
  package var json: String { value.serialized + "\n" }

  private var value: JSONValue {
    [
      "format": "gatehouse-scan-1",
      "title": .string(title),
      "target": .string(target),
      "findings": .array(findings.map(\.value)),
      "notices": .array(notices.map(\.value)),
      "coverage": [
        "operations": .integer(coverage.count),
        "reached": .integer(reachedCount),
        "requests": .integer(requestCount),
        "milliseconds": .integer(milliseconds),
        "budget_exhausted": .boolean(isExhausted),
        "target_gone": .boolean(isGone),
        "quick": .boolean(isQuick),
        "by_operation": .array(coverage.map(\.value)),
      ],
      "assumptions": .array(assumptions.map { .string($0) }),
    ]
  }
}

extension Finding {
  /// The finding as reports in JSON have it.
  var value: JSONValue {
    [
      "id": .string(id),
      "where": .string(place),
      "class": .string(kind.rawValue),
      "parameter": parameter.map { .string($0) } ?? .null,
      "title": .string(kind.title),
      "severity": .string(kind.severity),
      "cvss": .string("CVSS:3.1/" + kind.vector),
      "score": .number(kind.score),
      "owasp": .string(kind.category + ":2023"),
      "cwe": .integer(kind.weakness),
      "claim": .string(claim),
      "remedy": .string(kind.remedy),
      "proof": .array(steps.map(\.value)),
    ]
  }
}

extension FindingStep {
  /// The step as reports in JSON have it.
  var value: JSONValue {
    [
      "step": .string(role), "as": identity.map { .string($0) } ?? .null,
      "request": .string(request), "curl": .string(curl), "status": .integer(status),
      "excerpt": .string(excerpt),
    ]
  }
}
