/// What an audit of a description came to.
package struct AuditReport: Sendable {
  package let title: String
  /// 0 to 100; the more, the better.
  package let score: Int
  package let faults: [AuditFault]
  /// How many places each rule was held against.
  let places: [String: Int]

  /// The rules that were broken, the most costly first, with what they cost.
  package var broken: [(rule: AuditRule, count: Int, cost: Double)] {
    AuditRule.all.compactMap { rule in
      let count = faults.count { $0.rule == rule.id }
      return count == 0 ? nil : (rule, count, AuditReport.cost(rule, count, places))
    }.sorted { ($0.2, $1.0.id) > ($1.2, $0.0.id) }
  }

  /// What a rule takes off the hundred: half for the first place, the rest by the share.
  static func cost(_ rule: AuditRule, _ count: Int, _ places: [String: Int]) -> Double {
    guard count > 0 else { return 0 }
    let share = min(1, Double(count) / Double(max(count, places[rule.id] ?? count)))
    return Double(rule.weight) * (0.25 + 0.75 * share)
  }

  /// The report as text for people.
  package var text: String {
    var text = "\(title): \(score) of 100\n"
    for (rule, count, cost) in broken {
      let points = "\((cost * 10).rounded() / 10)"
      text += "\n-\(points)  \(rule.id): \(rule.title), \(count) \(count == 1 ? "time" : "times")\n"
      text += "  \(rule.fix)\n"
      for fault in faults.filter({ $0.rule == rule.id }).prefix(5) {
        let line = fault.line > 0 ? " (line \(fault.line))" : ""
        text += "  at \(fault.pointer)\(line)\n"
      }
      if count > 5 { text += "  and \(count - 5) more\n" }
    }
    return text
  }

  /// The report as JSON text.
  package var json: String {
    let value: JSONValue = [
      "format": "gatehouse-audit-1",
      "title": .string(title),
      "score": .integer(score),
      "rules": .array(
        broken.map { rule, count, cost in
          [
            "rule": .string(rule.id), "title": .string(rule.title), "fix": .string(rule.fix),
            "count": .integer(count), "cost": .number((cost * 10).rounded() / 10),
          ]
        }),
      "faults": .array(
        faults.map { fault in
          [
            "rule": .string(fault.rule), "pointer": .string(fault.pointer),
            "operation": .string(fault.operation), "line": .integer(fault.line),
          ]
        }),
    ]
    return value.serialized + "\n"
  }
}
