/// JUnit XML, as CI systems show it: an operation is a case.
extension ScanReport {
  /// The report as JUnit XML.
  package var junit: String {
    let places = coverage.map(\.place)
    let others = Set(findings.map(\.place)).subtracting(places).sorted()
    let count = places.count + others.count
    let failures = Set(findings.map(\.place)).count
    let skipped = coverage.count { operation in
      !operation.isReached && !findings.contains { $0.place == operation.place }
    }
    let seconds = "\(Double(milliseconds) / 1000)"
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites><testsuite name=\"gatehouse scan\" tests=\"\(count)\""
    text += " failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\" time=\"\(seconds)\">\n"
    for place in places + others { text += testCase(place) }
    return text + "</testsuite></testsuites>\n"
  }

  private func testCase(_ place: String) -> String {
    var text = "  <testcase classname=\"\(Markup.escape(title))\""
    text += " name=\"\(Markup.escape(place))\">\n"
    let found = findings.filter { $0.place == place }
    if !found.isEmpty {
      let kinds = found.map(\.kind.rawValue).joined(separator: ", ")
      let claims = found.map { finding in
        "\(finding.kind.title): \(finding.claim) (\(finding.id))\n"
          + finding.steps.map { "  \($0.curl)" }.joined(separator: "\n")
      }.joined(separator: "\n")
      text += "    <failure message=\"\(kinds)\" type=\"\(found[0].kind.severity)\">"
      text += "\(Markup.escape(claims))</failure>\n"
    } else if let missed = coverage.first(where: { $0.place == place && !$0.isReached }) {
      text += "    <skipped message=\"\(Markup.escape(missed.reason ?? "not reached"))\"/>\n"
    }
    return text + "  </testcase>\n"
  }
}
