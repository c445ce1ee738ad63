/// One HTML file that needs nothing else, for people who decide: charts are drawn in it, and
/// nothing is loaded.
extension ScanReport {
  private static let severities = ["critical", "high", "medium", "low"]

  /// The report as HTML text.
  package var html: String {
    var text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    text += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    text += "<title>Security scan of \(Markup.escape(title))</title>"
    text += "<style>\(HTMLStyle.text)</style></head><body>\n"
    text += header + overview + changes + findingList + notes + coverageTable + assumptionList
    return text + "<footer>Made by gatehouse scan. Every finding was shown twice beside a control; "
      + "<code>gatehouse scan replay ID</code> shows it again.</footer></body></html>\n"
  }

  private var header: String {
    let verdict =
      findings.isEmpty
      ? "Nothing was found."
      : "\(findings.count) \(findings.count == 1 ? "hole was" : "holes were") found and proved."
    var text = "<header><p class=\"kicker\">API security scan</p><h1>\(Markup.escape(title))</h1>"
    text += "<p class=\"verdict\">\(verdict)</p><p class=\"target\">\(Markup.escape(target))"
    text += " · \(requestCount) requests in \(max(1, milliseconds / 1000)) s"
    if isQuick { text += " · quick scan" }
    if isExhausted { text += " · <strong>cut short: its budget ended</strong>" }
    if isGone { text += " · <strong>cut short: the target stopped answering</strong>" }
    return text + "</p></header>\n"
  }

  // MARK: Charts

  private var overview: String {
    let counts = ScanReport.severities.map { name in
      (name, findings.count { $0.kind.severity == name })
    }
    var text = "<section class=\"tiles\"><div class=\"tile\"><h2>Severity</h2>"
    text += HTMLChart.ring(counts, label: "\(findings.count)", below: "findings")
    text += "<ul class=\"key\">"
    for (name, count) in counts {
      text += "<li><i class=\"\(name)\"></i>\(name) <b>\(count)</b></li>"
    }
    text += "</ul></div><div class=\"tile\"><h2>OWASP API Top 10</h2>"
    let categories = (1...9).map { number in
      ("API\(number)", findings.count { $0.kind.category == "API\(number)" })
    }
    text += HTMLChart.bars(categories) + "</div><div class=\"tile\"><h2>Coverage</h2>"
    let share = coverage.isEmpty ? 0 : reachedCount * 100 / coverage.count
    text += HTMLChart.ring(
      [("reached", reachedCount), ("missed", coverage.count - reachedCount)], label: "\(share)%",
      below: "reached")
    text += "<p class=\"small\">\(reachedCount) of \(coverage.count) operations answered 2xx to "
    return text + "somebody. What was not reached was not tested.</p></div></section>\n"
  }

  /// What has changed since an earlier scan.
  private var changes: String {
    guard !earlier.isEmpty else { return "" }
    let kept = findings.count - fresh.count
    var text = "<section><h2>Since the last scan</h2><p class=\"trend\">"
    text += "<b class=\"bad\">\(fresh.count)</b> new <b>\(kept)</b> as before "
    text += "<b class=\"good\">\(gone.count)</b> gone</p>"
    text += HTMLChart.trend(before: earlier.count, now: findings.count)
    if !gone.isEmpty {
      text += "<p class=\"small\">Gone: "
      text += gone.map { "\($0.kind.rawValue) <code>\(Markup.escape($0.place))</code>" }
        .joined(separator: ", ")
      text += "</p>"
    }
    return text + "</section>\n"
  }

  // MARK: Findings

  private var findingList: String {
    guard !findings.isEmpty else { return "" }
    let new = Set(earlier.isEmpty ? [] : fresh.map(\.id))
    var text = "<section><h2>Findings</h2>\n"
    for finding in bySeverity { text += html(of: finding, isNew: new.contains(finding.id)) }
    return text + "</section>\n"
  }

  private func html(of finding: Finding, isNew: Bool) -> String {
    let kind = finding.kind
    var text = "<details id=\"\(finding.id)\"><summary><span class=\"tag \(kind.severity)\">"
    text += "\(kind.severity)</span> <span class=\"what\">\(kind.title)</span> "
    text += "<code>\(Markup.escape(finding.place))</code>"
    if isNew { text += " <span class=\"tag new\">new</span>" }
    text += "</summary>\n<p>\(Markup.escape(finding.claim))"
    if let parameter = finding.parameter {
      text += ", by <code>\(Markup.escape(parameter))</code>"
    }
    text += ".</p><p class=\"remedy\"><b>What to do:</b> \(Markup.escape(kind.remedy))</p>"
    text += "<p class=\"small\">\(kind.category):2023 · CWE-\(kind.weakness) · CVSS "
    text += "\(kind.score) (CVSS:3.1/\(kind.vector)) · \(finding.id)</p>\n<ol>"
    for step in finding.steps {
      text += "<li>\(Markup.escape(step.role)), as "
      text += "<b>\(Markup.escape(step.identity ?? "nobody"))</b> → "
      text += "<span class=\"status\">\(step.status)</span>"
      text += "<pre>\(Markup.escape(step.curl.isEmpty ? step.request : step.curl))</pre>"
      if !step.excerpt.isEmpty {
        text += "<pre class=\"answer\">\(Markup.escape(step.excerpt))</pre>"
      }
      text += "</li>\n"
    }
    return text + "</ol></details>\n"
  }

  private var notes: String {
    guard !notices.isEmpty else { return "" }
    var text = "<section><h2>Worth knowing</h2><ul>"
    for notice in notices {
      text += "<li><code>\(Markup.escape(notice.place))</code> \(Markup.escape(notice.claim))</li>"
    }
    return text + "</ul></section>\n"
  }

  // MARK: Coverage

  private var coverageTable: String {
    var names: [String] = []
    for operation in coverage {
      for name in operation.statuses.keys.sorted()
      where !names.contains(name) && !name.hasPrefix("account-") {
        names.append(name)
      }
    }
    names.sort()
    var text = "<section><h2>What was tested</h2><div class=\"wide\"><table><tr><th>Operation</th>"
    for name in names { text += "<th>\(Markup.escape(name))</th>" }
    text += "<th>Checks</th></tr>\n"
    for operation in coverage {
      text += "<tr><td><code>\(Markup.escape(operation.place))</code>"
      if !operation.origins.isEmpty {
        let ways = operation.origins.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        text += "<br><span class=\"small\">\(Markup.escape(ways.joined(separator: ", ")))</span>"
      }
      if let reason = operation.reason {
        text += "<br><span class=\"small\">\(Markup.escape(reason))</span>"
      }
      text += "</td>"
      for name in names {
        let status = operation.statuses[name]
        let style = status.map { $0 < 300 ? "yes" : $0 < 500 ? "no" : "broken" } ?? "none"
        text += "<td class=\"\(style)\">\(status.map { "\($0)" } ?? "–")</td>"
      }
      text += "<td>\(operation.checks.count)</td></tr>\n"
    }
    return text + "</table></div></section>\n"
  }

  private var assumptionList: String {
    guard !assumptions.isEmpty else { return "" }
    let items = assumptions.map { "<li>\(Markup.escape($0))</li>" }.joined()
    return "<section><h2>What was assumed and noted</h2><ul>\(items)</ul></section>\n"
  }
}
