import Scanner

/// The forms of a scan's report; the name of each is that of its option.
enum ScanOutput: String, CaseIterable, Sendable {
  case json, sarif, junit, markdown, html

  /// The report in this form.
  func text(of report: ScanReport) -> String {
    switch self {
    case .json: report.json
    case .sarif: report.sarif
    case .junit: report.junit
    case .markdown: report.markdown
    case .html: report.html
    }
  }
}
