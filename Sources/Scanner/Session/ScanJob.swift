package import Client
import Formats

/// A scan from its inputs to its report.
package struct ScanJob: Sendable {
  /// The API, as far as it is described.
  package let description: APIDescription
  /// Who calls; their certificates are for whoever makes clients to read.
  package var identities: [Identity]
  private let settings: ScanSettings
  private let client: Client
  private let source: String

  /// A scan of what `description` describes, for the identities in a file.
  ///
  /// `target` is the base URL, outside of which nothing is requested; `name` is where the
  /// description came from.
  package init(
    _ description: APIDescription, named name: String, identities: [UInt8]?, target: String,
    client: Client
  ) throws(ScanError) {
    guard let (origin, path) = ClientOrigin.split(target) else {
      throw .target("'\(target)' is no http or https URL")
    }
    let base = OpenAPIImport.path(of: String(path.prefix { $0 != "?" }))
    self.description = description
    settings = ScanSettings(origin: origin, basePath: base.isEmpty ? nil : base)
    self.client = client
    source = name
    guard let identities else {
      self.identities = []
      return
    }
    let complaints = Diagnostics(file: "identities")
    guard let people = JSONValue.parse(identities, into: complaints) else {
      throw .identities(complaints.description)
    }
    self.identities = try IdentityReader.read(
      people, credential: description.credential, base: origin.description + base)
    if self.identities.isEmpty { throw .identities("the file names nobody") }
  }

  /// The same with the description read from a text.
  package init(
    description: [UInt8], named name: String, identities: [UInt8]?, target: String, client: Client
  ) throws(ScanError) {
    try self.init(
      DescriptionReader().read(description, named: name), named: name, identities: identities,
      target: target, client: client)
  }

  /// Refuses values for operations that are not described.
  package func check(_ given: GivenValues) throws(ScanError) {
    let known = description.operations.map(\.place)
    for place in given.places where !known.contains(place) {
      let nearest = Spelling.nearest(to: place, in: known).map { ", did you mean '\($0)'?" }
      throw .description("no operation is '\(place)'\(nearest ?? "")")
    }
  }

  /// Runs the scan; `settle` may change its settings before. `pause` waits for so many
  /// milliseconds, `stop` tells whether the scan is to end.
  package func run(
    now: @escaping @Sendable () -> Int, state: ScanState = ScanState(),
    pause: @escaping @Sendable (Int) async -> Void = { _ in },
    stop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (ScanEvent) -> Void = { _ in },
    _ settle: (inout ScanSettings) -> Void = { _ in }
  ) async throws(ScanError) -> ScanReport {
    var settings = settings
    settle(&settings)
    if let place = settings.place, !description.operations.contains(where: { $0.place == place }) {
      settings.place = nil
    }
    let began = now()
    let scan = Scan(
      description, identities: identities, settings: settings, client: client, now: now,
      pause: pause, stop: stop, observe: observe)
    let findings = try await scan.run(from: state)
    return await ScanReport(
      title: description.title, target: settings.origin.description + scan.basePath,
      source: source, lines: description.lines,
      findings: findings.filter { !$0.kind.isNote }, notices: findings.filter(\.kind.isNote),
      coverage: scan.summary(), requestCount: scan.requestCount,
      milliseconds: now() - began, assumptions: description.assumptions + scan.notes,
      isExhausted: scan.isExhausted, isGone: scan.isGone, isQuick: settings.isQuick)
  }
}

extension Scan {
  /// Whom each operation answered, and what was tried on it.
  func summary() -> [OperationCoverage] {
    operations.map { operation in
      let statuses = coverage[operation.name] ?? [:]
      let isReached = statuses.values.contains { (200..<300).contains($0) }
      return OperationCoverage(
        place: operation.name, statuses: statuses, isReached: isReached,
        checks: (checked[operation.name] ?? []).sorted(),
        origins: origins[operation.name] ?? [:],
        reason: isReached ? nil : reason(operation, statuses))
    }
  }

  /// Why an operation answered 2xx to nobody.
  private func reason(_ operation: Operation, _ statuses: [String: Int]) -> String {
    if !isAllowed(operation) { return "not called: it would do harm to all (--dangerous calls it)" }
    if statuses.isEmpty {
      return operation.path.contains("{")
        ? "nothing makes or lists what its path needs" : "not called"
    }
    let answers = Set(statuses.values)
    if answers.isSubset(of: [401, 403]) { return "no identity may call it" }
    if !answers.isDisjoint(with: [400, 415, 422]) { return "no content was found that it takes" }
    if answers == [404] { return "it knows nothing by the identifiers that were found" }
    return "it answered \(answers.sorted().map { "\($0)" }.joined(separator: ", "))"
  }
}
