import Scanner

/// What a scan is told by options and plan together; options come first.
struct ScanOrder: Sendable {
  /// What is written where.
  let outputs: [(kind: ScanOutput, path: String)]
  let sources: [String]
  let environment: String?
  let target: String
  /// The file of identities, or the identities themselves.
  let identities: String?
  let people: [UInt8]?
  /// The file of given values, or the values themselves.
  let values: String?
  let valuesInPlan: [UInt8]?
  let baseline: String?
  let state: String?
  let failsOn: Double
  let coverageMin: Int
  let requestsMax: Int
  let secondsMax: Int
  let answerSeconds: Int
  let rate: Int?
  let concurrency: Int
  let isQuick: Bool
  let isDangerous: Bool
  let isInsecure: Bool
  let isQuiet: Bool

  init(_ arguments: Arguments, _ plan: ScanPlan) throws(UsageError) {
    func value(_ key: String) -> String? { arguments.value("--" + key) ?? plan.value(key) }
    func has(_ key: String) -> Bool { arguments.has("--" + key) || plan.has(key) }
    func number(_ key: String, _ standard: Int, from least: Int = 1) throws(UsageError) -> Int {
      guard let text = value(key) else { return standard }
      guard let number = Int(text), number >= least else {
        throw UsageError("--\(key) must be a number of at least \(least)")
      }
      return number
    }
    let given = arguments.all("--openapi")
    sources = given.isEmpty ? plan.all("openapi") : given
    if sources.isEmpty { throw UsageError("the option --openapi is missing") }
    guard let target = value("target") else { throw UsageError("the option --target is missing") }
    self.target = target
    environment = value("environment")
    people = arguments.value("--identities") == nil ? plan.identities : nil
    identities = people == nil ? value("identities") : nil
    valuesInPlan = arguments.value("--values") == nil ? plan.values : nil
    values = valuesInPlan == nil ? value("values") : nil
    baseline = value("baseline")
    state = value("state")
    isQuick = has("quick")
    isDangerous = has("dangerous")
    isInsecure = has("insecure")
    isQuiet = has("quiet")
    outputs = ScanOutput.allCases.compactMap { kind in
      value(kind.rawValue).map { (kind, $0) }
    }
    let severities = ["low": 0.1, "medium": 4.0, "high": 7.0, "critical": 9.0]
    guard let least = severities[value("fail-on") ?? "low"] else {
      throw UsageError("--fail-on must be low, medium, high or critical")
    }
    failsOn = least
    requestsMax = try number("requests-max", 20_000)
    secondsMax = try number("seconds-max", 3_600)
    answerSeconds = try number("answer-seconds", 15)
    let rate = try number("rate", 0, from: 0)
    self.rate = rate > 0 ? rate : nil
    concurrency = try number("concurrency", 6)
    coverageMin = try number("coverage-min", 25, from: 0)
  }

  /// Takes over what the settings of a scan have a place for.
  func settle(_ settings: inout ScanSettings) {
    settings.requestsMax = requestsMax
    settings.millisecondsMax = secondsMax * 1000
    settings.answerMilliseconds = answerSeconds * 1000
    settings.requestsPerSecond = rate
    settings.concurrency = concurrency
    settings.isQuick = isQuick
    settings.isDangerous = isDangerous
  }
}
