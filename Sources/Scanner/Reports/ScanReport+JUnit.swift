/// JUnit's XML, in which each operation is a test case.
extension ScanReport {
  /// The report as JUnit text.
  package var junit: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let places = coverage.map(\.place)
    let others = Set(findings.map(\.place)).subtracting(places).sorted()
    let count = places.count + others.count
    let failures = Set(findings.map(\.place)).count
    text += "<testsuite name=\"gatehouse scan\" tests=\"\(count)\" failures=\"\(failures)\""
    text += " errors=\"0\" skipped=\"\(coverage.count { !$0.isReached })\">\n"
    for place in places + others {
      text +=
        "  <testcase classname=\"\(Markup.escape(title))\" name=\"\(Markup.escape(place))\">\n"
      let found = findings.filter { $0.place == place }
      if !found.isEmpty {
        let kinds = found.map(\.kind.rawValue).joined(separator: ", ")
        let claims = found.map { "\($0.kind.title): \($0.claim)" }.joined(separator: "\n")
        text += "    <failure message=\"\(kinds)\">\(Markup.escape(claims))</failure>\n"
      } else if coverage.contains(where: { $0.place == place && !$0.isReached }) {
        text += "    <skipped message=\"it answered 2xx to nobody\"/>\n"
      }
      text += "  </testcase>\n"
    }
    return text + "</testsuite>\n"
  }
}
