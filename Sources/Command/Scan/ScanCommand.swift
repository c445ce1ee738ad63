import Scanner

/// `gatehouse scan`: tests a running API from its description.
struct ScanCommand: Subcommand {
  static let name = "scan"
  static let summary = "finds holes in a running API, and proves each"
  static let operands = "[replay ID]"
  static let operandsMax = 2
  static let options = [
    Option(
      "--openapi", "FILE_OR_URL",
      "the description: OpenAPI, Swagger, Postman, HAR, GraphQL introspection or endpoint",
      isRepeatable: true),
    Option("--environment", "FILE", "a Postman environment for the collection's variables"),
    Option("--target", "URL", "where the API is; nothing outside of it is requested"),
    Option("--identities", "FILE", "who calls: two users at least, better an administrator too"),
    Option("--values", "FILE", "values for what operations need, by name or by operation"),
    Option("--plan", "FILE", "a YAML file with any of these options as keys"),
    Option("--json", "FILE", "writes the report as JSON"),
    Option("--sarif", "FILE", "writes the report as SARIF 2.1.0"),
    Option("--junit", "FILE", "writes the report as JUnit XML"),
    Option("--markdown", "FILE", "writes the report as Markdown"),
    Option("--html", "FILE", "writes the report as one HTML file"),
    Option("--baseline", "FILE", "an earlier JSON report, whose findings do not fail"),
    Option("--fail-on", "SEVERITY", "the least severity that fails: low, medium, high, critical"),
    Option("--quick", "only the cheapest probes: at most ten requests for each operation"),
    Option("--dangerous", "calls operations that harm all, such as one that empties the database"),
    Option("--requests-max", "NUMBER", "the most requests (20000)"),
    Option("--seconds-max", "NUMBER", "the most time (3600)"),
    Option("--answer-seconds", "NUMBER", "how long the target may take to begin an answer (15)"),
    Option("--rate", "NUMBER", "the most requests in a second (no bound)"),
    Option("--concurrency", "NUMBER", "the most requests at once (6)"),
    Option("--coverage-min", "PERCENT", "fails with 3 if less is reached (25)"),
    Option("--state", "FILE", "how far the scan has come; a scan that was cut short goes on"),
    Option("--report", "FILE", "for replay: the JSON report that holds the finding"),
    Option("--insecure", "believes any certificate of the target"),
    Option("--quiet", "prints nothing but errors"),
  ]
  static let details = """
      Ends with 0 if nothing was found, 1 if something was, 2 if the description or an option is
      wrong, 3 if a login or the target fails or too little was reached, 4 if the budget ended.
    """

  /// The keys of a plan: the options without their dashes.
  static var planKeys: [String] {
    options.map { String($0.name.dropFirst(2)) }.filter { $0 != "plan" && $0 != "report" }
  }

  let given: Arguments
  let planPath: String?
  /// The id of the finding to replay, and the report that holds it.
  let replay: (id: String, report: String)?

  init(_ arguments: Arguments) throws(UsageError) {
    given = arguments
    planPath = arguments.value("--plan")
    replay = try ScanCommand.replay(arguments)
    if planPath == nil { _ = try ScanOrder(arguments, ScanPlan()) }
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
