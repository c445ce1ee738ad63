/// Whether a text that almost matches takes a time that doubles with each character (CWE-1333).
///
/// The series ends as soon as it shows: the scanner is no weapon.
struct PatternTimeCheck: OperationCheck {
  static let name = "pattern-time"
  static let isQuick = false
  private static let words = [
    "mail", "pattern", "regex", "phone", "url", "name", "query", "filter",
  ]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.graphField == nil && scan.wants(.patternTime, at: operation)
      && !operation.textMembers.filter { PatternTimeCheck.isLikely($0.name) }.isEmpty
      && operation.name != scan.registrar?.name && !scan.isLogin(operation)
  }

  private static func isLikely(_ name: String) -> Bool {
    let plain = Names.plain(name)
    return ["mail", "regex", "pattern"].contains { plain.contains($0) }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let user = scan.users.first else { return }
    var who = user.name
    var values: [String: String] = [:]
    if operation.path.contains("{") {
      guard let parameter = operation.pathParameters.last,
        scan.meansPeople(parameter, Scan.collection(of: parameter.name, in: operation.path))
      else { return }
    }
    if let account = await scan.makeAccount() { who = account.identity.name }
    guard let found = await scan.values(for: operation, of: who) else { return }
    values = found.values
    var markers: [String] = []
    var call = Call(operation, values, as: who)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: who)
    if let answer = await scan.send(call) { scan.note(operation, who, answer) }
    for member in operation.textMembers where PatternTimeCheck.isLikely(member.name) {
      await series(operation, call, member.name, in: scan)
    }
  }

  private func series(
    _ operation: Operation, _ call: Call, _ member: String, in scan: isolated Scan
  ) async {
    var steps: [FindingStep] = []
    var times: [Int] = []
    for count in [16, 20, 22, 24, 26, 28, 30] {
      let probe = call.with(
        member: member, .string(String(repeating: "a", count: count) + "!"))
      guard let answer = await scan.send(probe) else { return }
      scan.note(operation, call.identity, answer)
      times.append(answer.milliseconds)
      steps.append(FindingStep("\(count) letters: \(answer.milliseconds) ms", probe, answer))
      // Four times as long for each two letters, twice in a row, and long enough to be no noise.
      let last = times.suffix(3)
      if last.count == 3, let first = last.first, let end = last.last, end > 400,
        end > first * 5, times[times.count - 1] > times[times.count - 2] * 2
      {
        let harmless = call.with(
          member: member, .string(String(repeating: "a", count: count) + "@example.com"))
        guard let quick = await scan.send(harmless), quick.milliseconds * 4 < end else { return }
        steps.append(FindingStep("control: \(quick.milliseconds) ms", harmless, quick))
        return scan.report(
          .patternTime, operation, member, "the time doubles with each character", steps)
      }
      if answer.milliseconds > 3_000 { return }
    }
  }
}
