/// Markdown, for pull requests and wikis.
extension ScanReport {
  /// The report as Markdown text.
  package var markdown: String {
    var text = "# Scan of \(title)\n\n"
    text += "\(target): \(findings.count) findings, \(reachedCount) of \(coverage.count) "
    text += "operations reached, \(requestCount) requests in \(milliseconds / 1000) s.\n\n"
    if !earlier.isEmpty {
      text += "Since the last scan: \(fresh.count) new, \(findings.count - fresh.count) as before, "
      text += "\(gone.count) gone.\n\n"
    }
    if !findings.isEmpty {
      text += "| Severity | Where | What | Parameter | Id |\n|---|---|---|---|---|\n"
      for finding in bySeverity {
        text += "| \(finding.kind.severity) | `\(finding.place)` | \(finding.kind.title) "
        text += "| \(finding.parameter ?? "") | \(finding.id) |\n"
      }
    }
    for finding in bySeverity { text += section(finding) }
    if !notices.isEmpty {
      text += "\n## Worth knowing\n\n"
      for notice in notices { text += "- `\(notice.place)`: \(notice.claim)\n" }
    }
    let missed = coverage.filter { !$0.isReached }
    if !missed.isEmpty {
      text += "\n## Not reached, and so not tested\n\n"
      for operation in missed { text += "- `\(operation.place)`: \(operation.reason ?? "")\n" }
    }
    if !assumptions.isEmpty {
      text += "\n## Assumed and noted\n\n"
      for assumption in assumptions { text += "- \(assumption)\n" }
    }
    return text
  }

  private func section(_ finding: Finding) -> String {
    let kind = finding.kind
    var text = "\n## \(finding.place): \(kind.title)\n\n"
    text += "\(finding.claim). \(kind.category):2023, CWE-\(kind.weakness), "
    text += "CVSS \(kind.score) (CVSS:3.1/\(kind.vector)).\n\n\(kind.remedy)\n\n"
    for step in finding.steps {
      text += "- \(step.role), as \(step.identity ?? "nobody"), answered \(step.status):\n\n"
      let line = (step.curl.isEmpty ? step.request : step.curl).replacing("```", with: "'''")
      text += "  ```\n  \(line.replacing("\n", with: "\n  "))\n  ```\n"
    }
    return text
  }
}
