/// What a scan came to, for the reports.
package struct ScanReport: Sendable {
  package let title: String
  package let target: String
  /// The name of the description, as the user wrote it.
  package let source: String
  /// The line of each operation in the description.
  let lines: [String: Int]
  package let findings: [Finding]
  /// For each operation, whom it answered with which status.
  package let coverage: [OperationCoverage]
  package let requestCount: Int
  package let milliseconds: Int
  package let assumptions: [String]
  /// Whether the budget ended before the scan did.
  package let isExhausted: Bool

  /// Operations that answered 2xx to somebody.
  package var reachedCount: Int { coverage.count { $0.isReached } }

  /// The report as JSON text.
  package var json: String { value.serialized + "\n" }

  private var value: JSONValue {
    [
      "format": "gatehouse-scan-1",
      "title": .string(title),
      "target": .string(target),
      "findings": .array(findings.map(\.value)),
      "coverage": [
        "operations": .integer(coverage.count),
        "reached": .integer(reachedCount),
        "requests": .integer(requestCount),
        "milliseconds": .integer(milliseconds),
        "budget_exhausted": .boolean(isExhausted),
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
      "request": .string(request), "status": .integer(status), "excerpt": .string(excerpt),
    ]
  }
}
