package import Client
import Formats

/// A scan from its inputs to its report.
package struct ScanJob: Sendable {
  private let description: APIDescription
  private let identities: [Identity]
  private let settings: ScanSettings
  private let client: Client
  private let source: String
  private let lines: [String: Int]

  /// Reads the description (OpenAPI 3, Swagger 2 or Postman 2.1, as JSON or YAML) and the file of
  /// identities; `target` is the base URL, outside of which nothing is requested.
  package init(
    description: [UInt8], named name: String, identities: [UInt8]?, target: String, client: Client
  ) throws(ScanError) {
    let diagnostics = Diagnostics(file: name)
    guard let root = JSONValue.parse(description, into: diagnostics) else {
      throw .description(diagnostics.description)
    }
    guard let read = OpenAPIImport.read(root) ?? PostmanImport.read(root) else {
      throw .description("\(name) is no OpenAPI, Swagger or Postman document")
    }
    guard let (origin, path) = ClientOrigin.split(target) else {
      throw .target("'\(target)' is no http or https URL")
    }
    let base = OpenAPIImport.path(of: path)
    self.description = read
    settings = ScanSettings(origin: origin, basePath: base.isEmpty ? nil : base)
    self.client = client
    source = name
    lines = ScanJob.lines(of: read.operations, in: description)
    guard let identities else {
      self.identities = []
      return
    }
    let complaints = Diagnostics(file: "identities")
    guard let people = JSONValue.parse(identities, into: complaints) else {
      throw .identities(complaints.description)
    }
    self.identities = Identity.read(people)
    if self.identities.isEmpty { throw .identities("the file names nobody") }
  }

  /// Runs the scan; `settle` may change its settings before.
  package func run(
    now: @Sendable () -> Int, _ settle: (inout ScanSettings) -> Void = { _ in }
  ) async throws(ScanError) -> ScanReport {
    var settings = settings
    settle(&settings)
    if let place = settings.place, !description.operations.contains(where: { $0.name == place }) {
      settings.place = nil
    }
    let began = now()
    let scan = Scan(description, identities: identities, settings: settings, client: client)
    let findings = try await scan.run()
    return await ScanReport(
      title: description.title, target: settings.origin.description + (settings.basePath ?? ""),
      source: source, lines: lines,
      findings: findings, coverage: scan.summary(), requestCount: scan.requestCount,
      milliseconds: now() - began, assumptions: description.assumptions,
      isExhausted: scan.isExhausted)
  }

  /// The first line on which each operation's path stands as a key.
  private static func lines(
    of operations: [Operation], in description: [UInt8]
  ) -> [String: Int] {
    var keys: [String: Int] = [:]
    let text = String(decoding: description, as: UTF8.self)
    for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let key = line.drop { " \t\"'".contains($0) }
      guard key.hasPrefix("/") else { continue }
      let path = String(key.prefix { !"\"':".contains($0) })
      if keys[path] == nil { keys[path] = place + 1 }
    }
    var result: [String: Int] = [:]
    for operation in operations { result[operation.name] = keys[operation.path] }
    return result
  }
}

extension Scan {
  /// Whom each operation answered.
  func summary() -> [OperationCoverage] {
    operations.map { operation in
      let statuses = coverage[operation.name] ?? [:]
      return OperationCoverage(
        place: operation.name, statuses: statuses,
        isReached: statuses.values.contains { (200..<300).contains($0) })
    }
  }
}
