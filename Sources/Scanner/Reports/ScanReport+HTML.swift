/// One HTML file that needs nothing else, for people who decide.
extension ScanReport {
  private static let style = """
    body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
    color:#1b1f24;background:#fff}h1{font-size:1.6rem}table{border-collapse:collapse;width:100%}\
    td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d8dee4}\
    code,pre{font:13px/1.4 ui-monospace,monospace;white-space:pre-wrap;word-break:break-all}\
    details{border:1px solid #d8dee4;border-radius:6px;padding:.6rem 1rem;margin:.6rem 0}\
    summary{cursor:pointer}.bar{display:inline-block;height:.8rem;border-radius:2px}\
    .critical{background:#8b1a2b;color:#fff}.high{background:#cf3f2e;color:#fff}\
    .medium{background:#b9770e;color:#fff}.low{background:#5a6b7b;color:#fff}\
    .tag{border-radius:4px;padding:.1rem .5rem;font-size:.85rem}
    """

  /// The report as HTML text.
  package var html: String {
    var text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    text += "<meta name=\"viewport\" content=\"width=device-width\">"
    text += "<title>Scan of \(Markup.escape(title))</title><style>\(ScanReport.style)</style>"
    text += "</head><body>\n<h1>\(Markup.escape(title))</h1>\n"
    text += "<p>\(Markup.escape(target)): \(findings.count) findings, \(reachedCount) of "
    text += "\(coverage.count) operations reached, \(requestCount) requests in "
    text += "\(milliseconds / 1000) s.</p>\n<table>\n"
    for severity in ["critical", "high", "medium", "low"] {
      let count = findings.count { $0.kind.severity == severity }
      text += "<tr><td>\(severity)</td><td>\(count)</td><td style=\"width:70%\">"
      text += "<span class=\"bar \(severity)\" style=\"width:\(min(100, count * 5))%\"></span>"
      text += "</td></tr>\n"
    }
    text += "</table>\n<h2>Findings</h2>\n"
    for finding in bySeverity { text += html(of: finding) }
    text += "<h2>What was tested</h2>\n<table><tr><th>Operation</th><th>Answers</th></tr>\n"
    for operation in coverage {
      let statuses = operation.statuses.sorted { $0.key < $1.key }
      let words = statuses.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      text += "<tr><td><code>\(Markup.escape(operation.place))</code></td>"
      text += "<td>\(Markup.escape(words.isEmpty ? "not reached" : words))</td></tr>\n"
    }
    return text + "</table></body></html>\n"
  }

  private func html(of finding: Finding) -> String {
    let kind = finding.kind
    var text = "<details id=\"\(finding.id)\"><summary><span class=\"tag \(kind.severity)\">"
    text += "\(kind.severity)</span> <code>\(Markup.escape(finding.place))</code> \(kind.title)"
    text += "</summary>\n<p>\(Markup.escape(finding.claim)). \(kind.category):2023, "
    text +=
      "CWE-\(kind.weakness), CVSS \(kind.score).</p><p>\(Markup.escape(kind.remedy))</p>\n<ol>"
    for step in finding.steps {
      text += "<li>\(Markup.escape(step.role)), as \(Markup.escape(step.identity ?? "nobody")): "
      text += "<code>\(Markup.escape(step.request))</code> → \(step.status)"
      text += "<pre>\(Markup.escape(step.excerpt))</pre></li>\n"
    }
    return text + "</ol><p>\(finding.id)</p></details>\n"
  }
}
