/// The order of a scan: who is who, what can be reached, then the checks, the loudest last.
extension Scan {
  /// Runs everything, removes what it made, and returns the findings in a fixed order.
  package func run() async throws(ScanError) -> [Finding] {
    try await knock()
    try await logIn()
    await meet()
    await stock()
    for operation in operations where operation.method == "GET" && isWanted(operation) {
      await checkFunctionLevel(operation)
    }
    for operation in ordered where isWanted(operation) {
      await checkObjectAccess(operation)
      await checkExcessiveData(operation)
      await checkPageSize(operation)
      await checkOldVersions(operation)
      await checkAnonymousCreation(operation)
    }
    let listener = CallbackProbe()
    await probeReads(listener)
    for operation in ordered where !operation.isRead && isWanted(operation) {
      if operation.method == "POST", !operation.path.contains("{") {
        await checkInjection(operation, listener)
      }
    }
    await checkOrigins()
    await checkDeveloperPages()
    await checkTokens()
    for operation in ordered where isWanted(operation) {
      await checkMassAssignment(operation)
      await checkEnumeration(operation)
    }
    for operation in operations where isWanted(operation) { await checkRateLimit(operation) }
    await tidyUp()
    findings.sort { ($0.place, $0.kind.rawValue) < ($1.place, $1.kind.rawValue) }
    return findings
  }

  private func isWanted(_ operation: Operation) -> Bool {
    settings.place == nil || settings.place == operation.name
  }

  /// The operations, those that take things away at the end.
  private var ordered: [Operation] {
    let rank = ["GET": 0, "POST": 1, "PATCH": 2, "PUT": 2, "DELETE": 3]
    return operations.enumerated().sorted {
      (rank[$0.element.method] ?? 1, $0.offset) < (rank[$1.element.method] ?? 1, $1.offset)
    }.map(\.element)
  }

  /// Finds out whether anything is there at all.
  private func knock() async throws(ScanError) {
    guard !operations.isEmpty else { throw .description("it has no operations") }
    if await send(Call("GET", "/")) == nil { throw .target(lastTransportError ?? "no answer") }
  }

  /// Lets the API say who the identities are.
  private func meet() async {
    for operation in operations where operation.method == "GET" && isSelf(operation) {
      for identity in identities {
        var call = Call(operation, [:], as: identity.name)
        complete(&call, for: operation)
        guard let answer = await send(call) else { continue }
        note(operation, identity.name, answer)
        guard answer.isSuccess, let object = answer.json?.objects.first else { continue }
        for inner in [object] + object.members.map(\.value).filter({ !$0.members.isEmpty }) {
          for member in inner.members { learn(identity.name, member.name, member.value) }
        }
      }
    }
  }

  /// Makes an object of each kind for each user, so that lists are not empty and each check finds
  /// the same, whichever run before it.
  private func stock() async {
    for operation in operations where operation.method == "GET" && operation.isItem {
      for user in users.prefix(2) { _ = await values(for: operation, of: user.name) }
    }
  }

  /// Probes what only reads, several operations side by side: they cannot disturb each other.
  private func probeReads(_ listener: CallbackProbe?) async {
    let reads = operations.filter { $0.method == "GET" && isWanted($0) }
    var next = 0
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<6 where next < reads.count {
        let operation = reads[next]
        next += 1
        group.addTask { await self.checkInjection(operation, listener) }
      }
      while await group.next() != nil {
        guard next < reads.count else { continue }
        let operation = reads[next]
        next += 1
        group.addTask { await self.checkInjection(operation, listener) }
      }
    }
  }

  /// Removes what the scan made, where the API has a way to.
  private func tidyUp() async {
    for object in made.reversed() {
      guard let remover = remover(of: object) else { continue }
      var values = object.values
      if let last = remover.pathParameters.last?.name, values[last] == nil {
        values[last] = object.values["id"]
      }
      guard remover.pathParameters.allSatisfy({ values[$0.name] != nil }) else { continue }
      _ = await send(Call(remover, values, as: object.owner))
    }
  }

  /// The operation that takes an object of a collection away.
  private func remover(of object: MadeObject) -> Operation? {
    operations.first { operation in
      guard operation.method == "DELETE", operation.isItem,
        let last = operation.pathParameters.last
      else { return false }
      return Scan.collection(of: last.name, in: operation.path) == object.collection
    }
  }
}
