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
