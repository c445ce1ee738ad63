import Client

/// Fields of answers that browsers and operators would rather see or not see (API8): notes, no
/// findings.
struct HeaderCheck: Check {
  static let name = "headers"
  static let isQuick = false

  func run(in scan: isolated Scan) async {
    guard scan.wants(.informational), scan.settings.only == nil,
      let operation = scan.operations.first(where: {
        $0.method == "GET" && !$0.path.contains("{") && scan.baselines[$0.name] != nil
      })
    else { return }
    var call = Call(operation, [:], as: scan.users.first?.name)
    scan.complete(&call, for: operation)
    guard let answer = await scan.send(call) else { return }
    var claims: [String] = []
    if answer.field("x-content-type-options")?.lowercased() != "nosniff" {
      claims.append("X-Content-Type-Options: nosniff is missing")
    }
    if answer.field("cache-control")?.lowercased().contains("no-store") != true {
      claims.append("Cache-Control lets answers to callers be stored")
    }
    if scan.settings.origin.isSecure, answer.field("strict-transport-security") == nil {
      claims.append("Strict-Transport-Security is missing (RFC 6797)")
    }
    if !scan.settings.origin.isSecure, !scan.settings.origin.description.contains("127.0.0.1") {
      claims.append("credentials go unencrypted")
    }
    for name in ["server", "x-powered-by", "x-aspnet-version"] {
      if let value = answer.field(name), value.contains(where: \.isNumber) {
        claims.append("\(name) tells the version: \(value)")
      }
    }
    guard !claims.isEmpty else { return }
    scan.report(
      .informational, operation, nil, claims.joined(separator: "; "),
      [FindingStep("an answer", call, answer)])
    await trace(operation, in: scan)
  }

  /// TRACE and methods that are not described (RFC 9110 §9.3.8).
  private func trace(_ operation: Operation, in scan: isolated Scan) async {
    var call = Call(operation, [:], as: nil)
    call.method = "TRACE"
    call = call.with(field: "x-gh-trace", "gatehouse-trace")
    guard let answer = await scan.send(call), answer.isSuccess,
      answer.text.contains("gatehouse-trace")
    else { return }
    scan.report(
      .method, operation, "TRACE", "TRACE sends back what was sent, credentials too",
      [FindingStep("TRACE", call, answer)])
  }
}
