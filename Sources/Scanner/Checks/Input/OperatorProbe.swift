/// An operator of a document database in place of a value matches what no value does (CWE-943).
struct OperatorProbe: Probe {
  static let kind = FindingKind.noSQLInjection

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    let control = point.with("ghqz-none")
    func call(_ name: String, _ value: String) -> Call? {
      switch point.place {
      case .query:
        var other = point.call
        other.query.removeAll { $0.name == point.name }
        other.query.append(("\(point.name)[\(name)]", value))
        return other
      case .member: return point.with(.object([JSONMember(name, .string(value))]))
      default: return nil
      }
    }
    guard let all = call("$ne", "ghqz-one"), let none = call("$eq", "ghqz-one"),
      let nothing = await scan.send(control), let answer = await scan.send(all), answer.isSuccess,
      nothing.shape(without: ["ghqz-none"]) != answer.shape(without: ["ghqz-one"]),
      answer.text.utf8.count > nothing.text.utf8.count, let equal = await scan.send(none),
      equal.shape(without: ["ghqz-one"]) == nothing.shape(without: ["ghqz-none"]),
      let other = call("$ne", "ghqz-two"), let again = await scan.send(other),
      again.shape(without: ["ghqz-two"]) == answer.shape(without: ["ghqz-one"])
    else { return }
    scan.report(
      .noSQLInjection, point.operation, point.name,
      "'not equal' as an operator brings what 'equal' does not",
      [
        FindingStep("a value that nothing has", control, nothing),
        FindingStep("all but that", all, answer), FindingStep("only that", none, equal),
        FindingStep("all but another", other, again),
      ])
  }
}
