/// Each item of the security checklist that the gateway answers for is named by a test that holds
/// it, in its name or in a comment.
enum ChecklistRule {
  static let name = "checklist"

  /// The items by area, and those that nothing is there for yet, with the reason.
  private static let areas: [(prefix: String, items: ClosedRange<Int>, left: [Int: String])] = [
    ("SMG", 1...26, [:]),
    ("NRM", 1...22, [:]),
    ("DOS", 1...20, [:]),
    ("TLS", 1...16, [9: "no stapling yet", 10: "no ACME yet"]),
    ("H2", 1...20, [18: "no HTTP/3 yet", 19: "no HTTP/3 yet", 20: "no HTTP/3 yet"]),
    ("JWT", 1...26, [:]),
    ("SEC", 1...16, [14: "there is one plane alone"]),
    (
      "ADM", 1...20,
      [
        6: "there is no console yet", 15: "there are no tenants yet",
        17: "there is no console yet", 18: "nothing is written as CSV",
      ]
    ),
  ]

  static func breaches(in repository: Repository) -> [Breach] {
    let held = repository.files.filter(isHolding).map { $0.lines.joined(separator: "\n") }
    return areas.flatMap { area in
      area.items.filter { area.left[$0] == nil }.compactMap { number -> Breach? in
        let item = area.prefix + (number < 10 ? "-0" : "-") + String(number)
        if held.contains(where: { $0.contains(item) }) { return nil }
        return Breach(rule: name, path: "Tests", line: 1, message: "no test names \(item)")
      }
    }
  }

  /// Tests, and what takes too long to be one; not this rule, which names none.
  private static func isHolding(_ file: TextFile) -> Bool {
    (file.path.hasPrefix("Tests/") && !file.path.hasPrefix("Tests/TidyTests/Rules/"))
      || file.path == "Tools/soak"
  }
}
