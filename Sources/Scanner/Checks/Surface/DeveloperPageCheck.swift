/// Whether pages for developers answer anybody (API8, API9).
struct DeveloperPageCheck: Check {
  static let name = "developer-pages"
  static let isQuick = false

  private static let pages = [
    "/debug", "/_debug", "/actuator/env", "/actuator", "/internal/config", "/.env", "/config",
    "/config.json", "/env", "/debug/vars", "/server-status", "/.git/config", "/phpinfo.php",
    "/console", "/debug/pprof/", "/trace", "/info", "/status", "/metrics",
  ]

  func run(in scan: isolated Scan) async {
    guard scan.wants(.disclosure) else { return }
    await described(in: scan)
    await telling(in: scan)
    let none = Call("GET", "/gh-no-such-page")
    guard let control = await scan.send(none), !control.isSuccess else { return }
    let known = Set(scan.operations.map(\.path))
    for page in DeveloperPageCheck.pages where !known.contains(page) {
      let call = Call("GET", page)
      guard let answer = await scan.send(call), answer.isSuccess, Signs.isInside(answer.text),
        let again = await scan.send(call), again.isSuccess
      else { continue }
      scan.report(
        .disclosure, "GET " + page, nil, "settings of the server are shown to anybody",
        [FindingStep("control", none, control), FindingStep("the page", call, answer)])
    }
  }

  /// Operations that tell by a field which software they are made of, while others do not: then it
  /// is the API that says it, and no server before it.
  private func telling(in scan: isolated Scan) async {
    var known: [(operation: Operation, call: Call, answer: Answer)] = []
    for operation in scan.operations
    where operation.isRead && operation.graphField == nil && !operation.path.contains("{")
      && scan.isAllowed(operation) && known.count < 24
    {
      guard let (call, answer, _) = await scan.reacher(of: operation) else { continue }
      known.append((operation, call, answer))
    }
    for name in ["x-powered-by", "x-version", "x-runtime", "x-generator"] {
      func version(_ answer: Answer) -> String? {
        answer.field(name).flatMap { $0.contains(where: \.isNumber) ? $0 : nil }
      }
      let those = known.filter { version($0.answer) != nil }
      guard let one = those.first, those.count == 1, known.count >= 3,
        scan.wants(.disclosure, at: one.operation),
        let other = known.first(where: { $0.operation.name != one.operation.name }),
        let silent = await scan.send(other.call), silent.field(name) == nil,
        let again = await scan.send(one.call), let value = version(again)
      else { continue }
      scan.report(
        .disclosure, one.operation, name, "'\(name)' tells what it is made of: \(value)",
        [
          FindingStep("control: another operation does not", other.call, silent),
          FindingStep("it is told", one.call, one.answer),
          FindingStep("and again", one.call, again),
        ])
    }
  }

  /// Operations that are described and show the inside of the server to anybody.
  private func described(in scan: isolated Scan) async {
    for operation in scan.operations
    where operation.method == "GET" && !operation.path.contains("{") && scan.isWanted(operation) {
      let answers = scan.baselines[operation.name] ?? [:]
      guard answers.values.contains(where: { Signs.isInside($0.text) && $0.json != nil }) else {
        continue
      }
      var call = Call(operation, [:], as: nil)
      scan.complete(&call, for: operation)
      guard let first = await scan.send(call), first.isSuccess, Signs.isEnvironment(first),
        let again = await scan.send(call), again.isSuccess
      else { continue }
      scan.report(
        .disclosure, operation, nil, "the environment of the server is shown to anybody",
        [FindingStep("without a credential", call, first), FindingStep("again", call, again)])
    }
  }
}
