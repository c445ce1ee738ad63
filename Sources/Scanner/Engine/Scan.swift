package import Client

/// One scan of one API: who calls, what is known so far, and what was found.
///
/// Checks run within it one after another, so that what one does is seen by the next in a known
/// order; only probes that change nothing run side by side.
package actor Scan {
  let description: APIDescription
  let settings: ScanSettings
  let basePath: String
  let client: Client
  var identities: [Identity]
  /// Which values mean an identity itself, by what they are: `id`, `name`, `email`.
  var selves: [String: [String: Set<String>]] = [:]
  /// The values of path parameters of objects that a scan made, by identity and collection.
  var known: [String: [String: String]] = [:]
  /// The last good answer of each operation to each identity.
  var baselines: [String: [String: Answer]] = [:]
  /// Contents that an operation is known to take.
  var contents: [String: ContentStyle] = [:]
  var made: [MadeObject] = []
  var findings: [Finding] = []
  var coverage: [String: [String: Int]] = [:]
  var requestCount = 0
  private var markerCount = 0
  private(set) var lastTransportError: String?
  var isExhausted = false

  package init(
    _ description: APIDescription, identities: [Identity], settings: ScanSettings, client: Client
  ) {
    self.description = description
    self.identities = identities
    self.settings = settings
    self.client = client
    basePath = settings.basePath ?? description.basePath
  }

  var operations: [Operation] { description.operations }

  /// The two ordinary users, as far as there are.
  var users: [Identity] { identities.filter { !$0.isAdministrator } }
  var administrator: Identity? { identities.first(where: \.isAdministrator) }

  /// A text that stands nowhere else.
  func marker() -> String {
    markerCount += 1
    let digits = String(46_656 + markerCount * 7919, radix: 36)
    return "ghm" + digits + "x"
  }

  /// Sends a call; nil if there was no answer.
  func send(_ call: Call) async -> Answer? {
    guard requestCount < settings.requestsMax else {
      isExhausted = true
      return nil
    }
    requestCount += 1
    var fields = call.fields
    if let name = call.identity, let identity = identities.first(where: { $0.name == name }) {
      for header in identity.headers where !fields.contains(where: { same($0.name, header.name) }) {
        fields.append((header.name, header.value.scalarText ?? ""))
      }
    }
    fields.append(("user-agent", "gatehouse-scan"))
    fields.append(("accept", "application/json, */*"))
    let content = call.content
    if content != nil { fields.append(("content-type", call.mediaType)) }
    let request = ClientRequest(
      call.method, settings.origin, target: basePath + call.target, fields: fields, body: content)
    do throws(ClientError) {
      let answer = Answer(try await client.send(request))
      lastTransportError = nil
      return answer
    } catch {
      lastTransportError = "\(error)"
      return nil
    }
  }

  private func same(_ left: String, _ right: String) -> Bool {
    left.lowercased() == right.lowercased()
  }

  /// Keeps a finding, once for each place, class and parameter.
  func report(
    _ kind: FindingKind, _ place: String, _ parameter: String?, _ claim: String,
    _ steps: [FindingStep]
  ) {
    if findings.contains(where: { $0.kind == kind && $0.place == place }) { return }
    findings.append(
      Finding(
        place: place, kind: kind, parameter: parameter, claim: claim,
        steps: steps.map { $0.masking(secrets) }))
  }

  /// What identities prove themselves with: a report is read by others.
  private var secrets: [String] {
    identities.flatMap { identity in
      let passwords = (identity.login?.body.members ?? []).filter {
        let name = $0.name.lowercased()
        return ["pass", "pwd", "secret", "pin"].contains { name.contains($0) }
      }
      let tokens = identity.headers.compactMap { $0.value.string?.split(separator: " ").last }
      return passwords.compactMap(\.value.string) + tokens.map(String.init)
    }.filter { $0.utf8.count >= 4 }
  }

  func has(_ kind: FindingKind, at place: String) -> Bool {
    findings.contains { $0.kind == kind && $0.place == place }
  }

  /// Whether a check of this class is to run at a place.
  func wants(_ kind: FindingKind, at place: String? = nil) -> Bool {
    if let only = settings.only, only != kind { return false }
    if let wanted = settings.place, let place, wanted != place { return false }
    return true
  }

  /// Notes what an operation answered whom.
  func note(_ operation: Operation, _ identity: String?, _ answer: Answer) {
    let who = identity ?? "anonymous"
    let before = coverage[operation.name]?[who]
    if before == nil || answer.isSuccess {
      coverage[operation.name, default: [:]][who] = answer.status
    }
    if answer.isSuccess { baselines[operation.name, default: [:]][who] = answer }
  }
}
