/// What one request of a collection came to.
package struct CollectionCase: Sendable {
  package let name: String
  package var request = ""
  package var status = 0
  package var milliseconds = 0
  package var testCount = 0
  /// What was demanded and not so.
  package var failures: [String] = []
  /// Lines of scripts that only a JavaScript engine could run.
  package var skipped: [String] = []

  init(name: String) { self.name = name }

  /// One line for people, and one for each thing that is to be said of it.
  package var text: String {
    let mark = failures.isEmpty ? "ok  " : "FAIL"
    var text = "\(mark) \(name): \(request) → \(status) in \(milliseconds) ms, \(testCount) tests\n"
    for failure in failures { text += "       \(failure)\n" }
    for line in skipped { text += "       not run: \(line)\n" }
    return text
  }

  /// Several as JUnit XML.
  package static func junit(_ cases: [CollectionCase], named name: String) -> String {
    let failures = cases.count { !$0.failures.isEmpty }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite "
    text += "name=\"\(Markup.escape(name))\" tests=\"\(cases.count)\" failures=\"\(failures)\">\n"
    for one in cases {
      text += "  <testcase classname=\"\(Markup.escape(name))\" name=\"\(Markup.escape(one.name))\""
      text += " time=\"\(Double(one.milliseconds) / 1000)\">\n"
      if !one.failures.isEmpty {
        text += "    <failure message=\"\(Markup.escape(one.failures[0]))\">"
        text += Markup.escape(one.failures.joined(separator: "\n")) + "</failure>\n"
      }
      if !one.skipped.isEmpty {
        text += "    <system-out>not run: \(Markup.escape(one.skipped.joined(separator: "; ")))"
        text += "</system-out>\n"
      }
      text += "  </testcase>\n"
    }
    return text + "</testsuite></testsuites>\n"
  }
}
