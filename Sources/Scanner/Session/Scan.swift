package import Client

/// One scan of one API: who calls, what is known so far, and what was found.
///
/// Checks run within it one after another, so that what one does is seen by the next in a known
/// order; only probes that change nothing run side by side.
package actor Scan {
  private(set) var description: APIDescription
  let settings: ScanSettings
  let basePath: String
  /// Sends for everybody who has no client certificate.
  let client: Client
  /// Tells the time in milliseconds.
  let now: @Sendable () -> Int
  /// Waits for so many milliseconds.
  let pause: @Sendable (Int) async -> Void
  /// Tells whether the scan is to end before its time.
  let stop: @Sendable () -> Bool
  let observe: @Sendable (ScanEvent) -> Void
  let began: Int
  var identities: [Identity]
  /// Which values mean an identity itself, by what they are: `id`, `name`, `email`.
  var selves: [String: [String: Set<String>]] = [:]
  /// The values of path parameters of objects that a scan made, by identity and collection.
  var known: [String: [String: String]] = [:]
  /// Where the values of each operation's path came from.
  var origins: [String: [String: String]] = [:]
  /// Values that answers held, by what they identify: `orderid`; first by identity.
  var pool: [String: [String: [String]]] = [:]
  /// The last good answer of each operation to each identity.
  var baselines: [String: [String: Answer]] = [:]
  /// Contents that an operation is known to take.
  var contents: [String: ContentStyle] = [:]
  /// A call that each operation that reads is known to answer.
  var reachers: [String: (call: Call, answer: Answer, values: [String: String])] = [:]
  var made: [MadeObject] = []
  var findings: [Finding] = []
  var coverage: [String: [String: Int]] = [:]
  /// Which checks ran on each operation.
  var checked: [String: Set<String>] = [:]
  /// What readers of the report must know beside the findings.
  var notes: [String] = []
  var requestCount = 0
  /// When each identity last logged in, and how long its token lasts, in milliseconds.
  var sessions: [String: LoginSession] = [:]
  var registration: RegistrationPlan?
  var accountCount = 0
  var phoneCount = 0
  /// What the API showed each identity of itself before anything was changed.
  var firstSelves: [String: (call: Call, answer: Answer)] = [:]
  var listener: CallbackProbe?
  /// Operations that do not make anything for an identity, so that they are not asked again.
  var refusedCreators: Set<String> = []
  /// What is being looked up just now, for what needs something that needs it.
  var resolving: Set<String> = []
  /// How often each request was not answered in time.
  private var stuck: [String: Int] = [:]
  private static let stuckMax = 2
  private var markerCount = 0
  private var nextSlot = 0
  private(set) var lastTransportError: String?
  /// Requests without an answer since the last one with; one that kept the scan waiting counts
  /// three times.
  private var failures = 0
  private static let failuresMax = 12
  /// How often the target was asked whether it is there.
  private var doubts = 0
  private var isWaiting = false
  private var waiters: [CheckedContinuation<Void, Never>] = []
  /// How many 401 each identity got in a row.
  private var refusals: [String: Int] = [:]
  private static let doubtsMax = 4
  /// Whether the target has stopped answering.
  private(set) var isGone = false
  var isExhausted = false
  private(set) var isStopped = false
  /// Whether a quick scan has used up what it may for its size: that is its regular end.
  private(set) var isSpent = false
  /// How many requests for each operation a quick scan may take, removals included.
  private static let quickRequests = 10
  /// How many of them are kept for setting profiles back.
  private static let quickReserve = 10
  /// Whether the scan is removing what it made: that is done even if its time is over.
  var isTidying = false

  package init(
    _ description: APIDescription, identities: [Identity], settings: ScanSettings, client: Client,
    now: @escaping @Sendable () -> Int = { 0 },
    pause: @escaping @Sendable (Int) async -> Void = { _ in },
    stop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (ScanEvent) -> Void = { _ in }
  ) {
    self.description = description
    self.identities = identities
    self.settings = settings
    self.client = client
    self.now = now
    self.pause = pause
    self.stop = stop
    self.observe = observe
    began = now()
    basePath = settings.basePath ?? description.basePath
  }

  var operations: [Operation] { description.operations }

  /// Takes over what is put before a token.
  func take(prefix: String) { description.credential.prefix = prefix }

  /// The ordinary users that the caller of the scan named.
  var users: [Identity] { identities.filter { !$0.isAdministrator && !$0.isTemporary } }
  var administrator: Identity? { identities.first(where: \.isAdministrator) }

  /// A text that stands nowhere else, and that no scan before has left behind either: what must
  /// be there only once, such as the name of an account, would be refused.
  func marker() -> String {
    markerCount += 1
    let run = String(1_296 + began / 64 % 45_360, radix: 36)
    return "gh" + run + String(46_656 + markerCount * 7919, radix: 36)
  }

  /// Whether nothing more is to be begun: the budget has ended, or the target is gone.
  var isOver: Bool {
    !isTidying && (isExhausted || isGone || isStopped || isSpent)
  }

  /// Waits until nobody else has the target wait: of two series of waits at once, each would show
  /// in the answers to the other where a target does one thing after another.
  func beginWaits() async {
    guard isWaiting else {
      isWaiting = true
      return
    }
    await withCheckedContinuation { waiters.append($0) }
  }

  /// Lets the next one have the target wait.
  func endWaits() {
    if waiters.isEmpty { isWaiting = false } else { waiters.removeFirst().resume() }
  }

  /// Sends a call; nil if there was no answer.
  func send(_ call: Call) async -> Answer? {
    guard !isOver, stuck[Scan.key(call), default: 0] < Scan.stuckMax else { return nil }
    if settings.isQuick, !isTidying,
      requestCount + made.count + Scan.quickReserve >= operations.count * Scan.quickRequests
    {
      isSpent = true
      return nil
    }
    guard requestCount < settings.requestsMax,
      isTidying || now() - began < settings.millisecondsMax
    else {
      isExhausted = true
      return nil
    }
    if !isStopped, !isTidying, stop() {
      isStopped = true
      notes.append("the scan was stopped; what came after was not tested")
      return nil
    }
    await keepSession(of: call)
    await waitForSlot()
    requestCount += 1
    let identity = call.identity.flatMap { name in identities.first { $0.name == name } }
    var fields = call.fields
    for header in identity?.headers ?? []
    where !fields.contains(where: { same($0.name, header.name) }) {
      fields.append((header.name, header.value.scalarText ?? ""))
    }
    if !fields.contains(where: { same($0.name, "user-agent") }) {
      fields.append(("user-agent", "gatehouse-scan"))
    }
    if !fields.contains(where: { same($0.name, "accept") }) {
      fields.append(("accept", "application/json, */*"))
    }
    let content = call.content
    if content != nil { fields.append(("content-type", call.contentType)) }
    let host = fields.first { same($0.name, "host") }?.value
    fields.removeAll { same($0.name, "host") }
    var request = ClientRequest(
      call.method, settings.origin, target: basePath + call.target, fields: fields, body: content)
    request.host = host
    // Servers that close after an error would else take the next request with them; what a scan
    // makes twice, it removes twice.
    request.isRepeatable = true
    request.limits.answerMilliseconds = settings.answerMilliseconds
    do throws(ClientError) {
      let answer = Answer(try await (identity?.client ?? client).send(request))
      lastTransportError = nil
      failures = 0
      if let other = slashed(call, answer) { return await send(other) }
      if answer.status == 401, await regains(call) { return await send(call) }
      if answer.status != 401, let identity { refusals[identity.name] = 0 }
      return answer
    } catch {
      if case .insecure = error, identity?.client == nil, hasCertificates {
        return .refusedHandshake
      }
      lastTransportError = "\(error)"
      await noteFailure(error, of: call)
      return nil
    }
  }

  /// The same call with or without a slash at its end, if the target says that it belongs there
  /// (RFC 9110 §15.4.8): no other redirect is followed, and none elsewhere.
  private func slashed(_ call: Call, _ answer: Answer) -> Call? {
    guard answer.status == 307 || answer.status == 308 || (answer.status == 301 && call.isRead),
      let location = answer.field("location")
    else { return nil }
    var path = String(location.prefix { $0 != "?" && $0 != "#" })
    if let (origin, target) = ClientOrigin.split(path) {
      guard origin == settings.origin else { return nil }
      path = target
    }
    guard path.hasPrefix(basePath) else { return nil }
    path = String(path.dropFirst(basePath.count))
    guard path == call.path + "/" || path + "/" == call.path, path.hasPrefix("/") else {
      return nil
    }
    var other = call
    other.path = path
    return other
  }

  /// Whether anybody proves itself by a certificate.
  private var hasCertificates: Bool { identities.contains { $0.client != nil } }

  /// Whether a 401 meant that a session was lost, and a new one was begun: asked when there were
  /// two in a row, of the operation that shows a caller to itself.
  private func regains(_ call: Call) async -> Bool {
    guard let name = call.identity, !isTidying,
      let place = identities.firstIndex(where: { $0.name == name }),
      identities[place].login != nil, !identities[place].isTemporary,
      let (look, _) = firstSelves[name],
      !call.fields.contains(where: { field in
        identities[place].headers.contains { same($0.name, field.name) }
      })
    else { return false }
    refusals[name, default: 0] += 1
    guard refusals[name] == 2 else { return false }
    // Whatever comes of it, it is not asked again soon.
    refusals[name] = -20
    guard let answer = await send(look), !answer.isSuccess else { return false }
    notes.append("\(name) lost its session, and logged in again")
    return await renew(place)
  }

  /// Counts a request without an answer, for its own place and for the target as a whole.
  private func noteFailure(_ error: ClientError, of call: Call) async {
    switch error {
    case .badRequest: return
    // An answer that is too long, or broken, is one: the target is there.
    case .tooLarge, .malformed: return noteStuck(call, "\(error)")
    case .timedOut:
      noteStuck(call, "it took too long")
      failures += 3
    default: failures += 1
    }
    guard failures >= Scan.failuresMax, !isGone else { return }
    failures = 0
    // One operation that hangs may be to blame, and not the target.
    if doubts < Scan.doubtsMax, await isThere() { return }
    guard !isGone else { return }
    isGone = true
    notes.append("the target stopped answering (\(error)); what came after was not tested")
  }

  /// Asks the target for anything at all.
  private func isThere() async -> Bool {
    doubts += 1
    requestCount += 1
    var request = ClientRequest("GET", settings.origin, target: basePath + "/")
    request.fields = [("user-agent", "gatehouse-scan")]
    // A target that does one thing after another may still be at what nobody waits for any more.
    request.limits.answerMilliseconds = settings.answerMilliseconds * 4
    request.limits.wholeMilliseconds = settings.answerMilliseconds * 4
    do throws(ClientError) {
      _ = try await client.send(request)
      return true
    } catch { return false }
  }

  /// What does not answer keeps the scan, and often the whole target, waiting: it is left alone.
  private func noteStuck(_ call: Call, _ reason: String) {
    let key = Scan.key(call)
    stuck[key, default: 0] += 1
    if stuck[key] == Scan.stuckMax {
      notes.append("\(key) is left alone after \(Scan.stuckMax) times: \(reason)")
    }
  }

  private static func key(_ call: Call) -> String {
    "\(call.method) \(call.path) \(call.document ?? "")"
  }

  /// Waits until the rate allows another request.
  private func waitForSlot() async {
    guard let rate = settings.requestsPerSecond, rate > 0 else { return }
    let time = now()
    let slot = max(time, nextSlot)
    nextSlot = slot + max(1, 1000 / rate)
    if slot > time { await pause(slot - time) }
  }

  func same(_ left: String, _ right: String) -> Bool {
    left.lowercased() == right.lowercased()
  }

  /// Keeps a finding, once for each place, class and, in GraphQL, parameter.
  func report(
    _ kind: FindingKind, _ operation: Operation, _ parameter: String?, _ claim: String,
    _ steps: [FindingStep]
  ) {
    report(
      kind, operation.place,
      parameter.map { operation.parameterName($0) } ?? operation.graphField, claim, steps)
  }

  func report(
    _ kind: FindingKind, _ place: String, _ parameter: String?, _ claim: String,
    _ steps: [FindingStep]
  ) {
    let isGraph =
      parameter?.hasPrefix("Query.") == true || parameter?.hasPrefix("Mutation.") == true
    if findings.contains(where: {
      $0.kind == kind && $0.place == place && (!isGraph || $0.parameter == parameter)
    }) {
      return
    }
    let base = settings.origin.description + basePath
    let finding = Finding(
      place: place, kind: kind, parameter: parameter, claim: claim,
      steps: steps.map {
        $0.masking(secrets, base: base, credential: description.credential.field)
      })
    findings.append(finding)
    observe(.found(finding))
  }

  /// What identities prove themselves with: a report is read by others.
  private var secrets: [String] {
    identities.flatMap { identity in
      let passwords = (identity.login?.body.dotted ?? []).filter {
        let name = $0.name.lowercased()
        return ["pass", "pwd", "secret", "pin"].contains { name.contains($0) }
      }
      let tokens = identity.headers.compactMap { $0.value.string?.split(separator: " ").last }
      return passwords.compactMap(\.value.string) + tokens.map(String.init)
    }.filter { $0.utf8.count >= 4 }
  }

  func has(_ kind: FindingKind, at operation: Operation) -> Bool {
    findings.contains {
      $0.kind == kind && $0.place == operation.place
        && (operation.graphField == nil
          || $0.parameter?.hasPrefix(operation.graphField ?? "") == true)
    }
  }

  /// Whether a check of this class is to run at a place.
  func wants(_ kind: FindingKind, at operation: Operation? = nil) -> Bool {
    if let only = settings.only, only != kind { return false }
    if let wanted = settings.place, let operation, wanted != operation.place { return false }
    return true
  }

  /// Whether an operation is to be looked at.
  func isWanted(_ operation: Operation) -> Bool {
    (settings.isDangerous || !operation.isDangerous)
      && (settings.place == nil || settings.place == operation.place)
  }

  func noteCheck(_ name: String, _ operation: Operation) {
    checked[operation.name, default: []].insert(name)
  }

  /// Notes what an operation answered whom, and what can be learned from it.
  func note(_ operation: Operation, _ identity: String?, _ answer: Answer) {
    let who = identity ?? "anonymous"
    let before = coverage[operation.name]?[who]
    if before == nil || answer.isSuccess {
      coverage[operation.name, default: [:]][who] = answer.status
    }
    guard answer.isSuccess else { return }
    baselines[operation.name, default: [:]][who] = answer
    harvest(operation, who, answer)
  }
}
