/// Markdown, for pull requests and wikis.
extension ScanReport {
  /// The report as Markdown text.
  package var markdown: String {
    var text = "# Scan of \(title)\n\n"
    text += "\(target): \(findings.count) findings, \(reachedCount) of \(coverage.count) "
    text += "operations reached, \(requestCount) requests in \(milliseconds / 1000) s.\n\n"
    if !findings.isEmpty {
      text += "| Severity | Where | What | Parameter | Id |\n|---|---|---|---|---|\n"
      for finding in bySeverity {
        text += "| \(finding.kind.severity) | `\(finding.place)` | \(finding.kind.title) "
        text += "| \(finding.parameter ?? "") | \(finding.id) |\n"
      }
    }
    for finding in bySeverity {
      text += "\n## \(finding.place): \(finding.kind.title)\n\n"
      text += "\(finding.claim). \(finding.kind.category):2023, CWE-\(finding.kind.weakness), "
      text += "CVSS \(finding.kind.score).\n\n\(finding.kind.remedy)\n\n"
      for step in finding.steps {
        text += "- \(step.role), as \(step.identity ?? "nobody"): "
        text += "`\(step.request.replacing("`", with: "'"))` → \(step.status)\n"
      }
    }
    return text
  }

  /// The findings, the worst first.
  var bySeverity: [Finding] {
    findings.sorted { (-$0.kind.score, $0.place) < (-$1.kind.score, $1.place) }
  }
}
