/// SARIF 2.1.0, as code hosting and CI systems read it.
extension ScanReport {
  /// The report as SARIF text; findings point at their operation's line in the description.
  package var sarif: String {
    let kinds = FindingKind.allCases.filter { kind in findings.contains { $0.kind == kind } }
    let rules = kinds.map { kind -> JSONValue in
      [
        "id": .string(kind.rawValue),
        "shortDescription": ["text": .string(kind.title)],
        "help": ["text": .string(kind.remedy)],
        "properties": [
          "security-severity": .string("\(kind.score)"),
          "tags": ["security", .string("external/cwe/cwe-\(kind.weakness)")],
        ],
      ]
    }
    let results = findings.map { finding -> JSONValue in
      let level = ["critical": "error", "high": "error", "medium": "warning"]
      return [
        "ruleId": .string(finding.kind.rawValue),
        "level": .string(level[finding.kind.severity] ?? "note"),
        "message": ["text": .string("\(finding.place): \(finding.claim)")],
        "locations": [
          [
            "physicalLocation": [
              "artifactLocation": ["uri": .string(URLText.encodePath(source))],
              "region": ["startLine": .integer(lines[finding.place] ?? 1)],
            ]
          ]
        ],
        "partialFingerprints": ["gatehouse/v1": .string(finding.id)],
      ]
    }
    let driver: JSONValue = ["name": "gatehouse scan", "rules": .array(rules)]
    let document: JSONValue = [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [["tool": ["driver": driver], "results": .array(results)]],
    ]
    return document.serialized + "\n"
  }
}
