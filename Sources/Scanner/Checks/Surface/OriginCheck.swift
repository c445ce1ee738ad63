/// Whether any web site may read answers with its visitors' credentials (API8).
struct OriginCheck: Check {
  static let name = "cors"

  func run(in scan: isolated Scan) async {
    guard scan.wants(.crossOrigin) else { return }
    let reads = scan.operations.filter {
      $0.method == "GET" && !$0.path.contains("{") && scan.isAllowed($0)
    }
    let ordered = reads.filter(\.isSecured) + reads.filter { !$0.isSecured }
    for operation in ordered.prefix(4) {
      var call = Call(operation, [:], as: scan.users.first?.name)
      scan.complete(&call, for: operation)
      var steps: [FindingStep] = []
      for origin in ["https://gh-evil.example", "https://gh-other.example"] {
        let foreign = call.with(field: "origin", origin)
        guard let answer = await scan.send(foreign),
          answer.field("access-control-allow-origin") == origin,
          answer.field("access-control-allow-credentials") == "true"
        else { break }
        steps.append(
          FindingStep("the origin \(origin) is allowed, with credentials", foreign, answer))
      }
      if steps.count == 2 {
        return scan.report(
          .crossOrigin, operation, "Origin", "any origin is allowed, with credentials", steps)
      }
    }
  }
}
