/// `gatehouse scan`: tests a running API from its description.
struct ScanCommand: Subcommand {
  static let name = "scan"
  static let summary = "finds holes in a running API, and proves each"
  static let operands = "[replay ID]"
  static let operandsMax = 2
  static let options = [
    Option("--openapi", "FILE_OR_URL", "the description: OpenAPI, Swagger or Postman"),
    Option("--target", "URL", "where the API is; nothing outside of it is requested"),
    Option("--identities", "FILE", "who calls: two users at least, better an administrator too"),
    Option("--json", "FILE", "writes the report as JSON"),
    Option("--sarif", "FILE", "writes the report as SARIF 2.1.0"),
    Option("--junit", "FILE", "writes the report as JUnit XML"),
    Option("--markdown", "FILE", "writes the report as Markdown"),
    Option("--html", "FILE", "writes the report as one HTML file"),
    Option("--baseline", "FILE", "an earlier JSON report, whose findings do not fail"),
    Option("--fail-on", "SEVERITY", "the least severity that fails: low, medium, high, critical"),
    Option("--requests-max", "NUMBER", "the most requests (20000)"),
    Option("--report", "FILE", "for replay: the JSON report that holds the finding"),
    Option("--insecure", "believes any certificate of the target"),
  ]
  static let details = """
      Ends with 0 if nothing was found, 1 if something was, 2 if the description or an option is
      wrong, 3 if a login or the target fails or too little was reached, 4 if the budget ended.
    """

  /// What is written where.
  let outputs: [(kind: ScanOutput, path: String)]
  let source: String
  let target: String
  let identities: String?
  let baseline: String?
  let failsOn: Double
  let requestsMax: Int
  let isInsecure: Bool
  /// The id of the finding to replay, and the report that holds it.
  let replay: (id: String, report: String)?

  init(_ arguments: Arguments) throws(UsageError) {
    guard let source = arguments.value("--openapi") else {
      throw UsageError("the option --openapi is missing")
    }
    guard let target = arguments.value("--target") else {
      throw UsageError("the option --target is missing")
    }
    self.source = source
    self.target = target
    identities = arguments.value("--identities")
    baseline = arguments.value("--baseline")
    isInsecure = arguments.has("--insecure")
    outputs = ScanOutput.allCases.compactMap { kind in
      arguments.value("--\(kind.rawValue)").map { (kind, $0) }
    }
    let severities = ["low": 0.0, "medium": 4.0, "high": 7.0, "critical": 9.0]
    guard let least = severities[arguments.value("--fail-on") ?? "low"] else {
      throw UsageError("--fail-on must be low, medium, high or critical")
    }
    failsOn = least
    guard let most = Int(arguments.value("--requests-max") ?? "20000"), most > 0 else {
      throw UsageError("--requests-max must be a number above 0")
    }
    requestsMax = most
    replay = try ScanCommand.replay(arguments)
  }

  private static func replay(
    _ arguments: Arguments
  ) throws(UsageError) -> (id: String, report: String)? {
    guard let first = arguments.operands.first else { return nil }
    guard first == "replay", arguments.operands.count == 2 else {
      throw UsageError("unexpected argument '\(first)'")
    }
    guard let report = arguments.value("--report") else {
      throw UsageError("replay lacks the option --report")
    }
    return (arguments.operands[1], report)
  }
}
