/// SARIF 2.1.0 (OASIS), as code hosting and CI systems read it.
extension ScanReport {
  /// The report as SARIF text; findings point at their operation's line in the description.
  package var sarif: String {
    let kinds = FindingKind.allCases.filter { kind in
      (findings + notices).contains { $0.kind == kind }
    }
    let driver: JSONValue = [
      "name": "gatehouse scan",
      "rules": .array(kinds.map(rule)),
    ]
    let notifications = assumptions.map { text -> JSONValue in
      ["level": "note", "message": ["text": .string(text)]]
    }
    let run: JSONValue = [
      "tool": ["driver": driver],
      "columnKind": "unicodeCodePoints",
      "artifacts": [["location": ["uri": .string(URLText.encodePath(source))]]],
      "invocations": [
        [
          "executionSuccessful": .boolean(!isExhausted),
          "toolExecutionNotifications": .array(notifications),
        ]
      ],
      "results": .array((findings + notices).map { result($0, kinds) }),
    ]
    let document: JSONValue = [
      "$schema":
        "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": .array([run]),
    ]
    return document.serialized + "\n"
  }

  private func rule(_ kind: FindingKind) -> JSONValue {
    [
      "id": .string(kind.rawValue),
      "shortDescription": ["text": .string(kind.title)],
      "fullDescription": [
        "text": .string("\(kind.title) (\(kind.category):2023, CWE-\(kind.weakness)).")
      ],
      "help": ["text": .string(kind.remedy)],
      "defaultConfiguration": ["level": .string(level(kind))],
      "properties": [
        "security-severity": .string("\(kind.score)"),
        "tags": [
          "security", .string("external/cwe/cwe-\(kind.weakness)"),
          .string("external/owasp/\(kind.category.lowercased())-2023"),
        ],
      ],
    ]
  }

  private func level(_ kind: FindingKind) -> String {
    ["critical": "error", "high": "error", "medium": "warning"][kind.severity] ?? "note"
  }

  private func result(_ finding: Finding, _ kinds: [FindingKind]) -> JSONValue {
    let parameter = finding.parameter.map { " (\($0))" } ?? ""
    let steps = finding.steps.map {
      "\($0.role), as \($0.identity ?? "nobody"): \($0.request.prefix(300)) → \($0.status)"
    }
    let text = "\(finding.place)\(parameter): \(finding.claim).\n" + steps.joined(separator: "\n")
    return [
      "ruleId": .string(finding.kind.rawValue),
      "ruleIndex": .integer(kinds.firstIndex(of: finding.kind) ?? -1),
      "level": .string(level(finding.kind)),
      "message": ["text": .string(text)],
      "locations": [
        [
          "physicalLocation": [
            "artifactLocation": ["uri": .string(URLText.encodePath(source)), "index": .integer(0)],
            "region": ["startLine": .integer(lines[finding.place] ?? 1)],
          ],
          "logicalLocations": [
            ["fullyQualifiedName": .string(finding.place), "kind": "function"]
          ],
        ]
      ],
      "partialFingerprints": ["gatehouseFinding/v1": .string(finding.id)],
      "properties": [
        "cvss": .string("CVSS:3.1/" + finding.kind.vector),
        "curl": .array(finding.steps.map { .string($0.curl) }),
      ],
    ]
  }
}
