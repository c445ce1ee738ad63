/// The order of a scan: who is who, what can be reached, then the checks, the loudest last.
extension Scan {
  /// Runs everything, removes what it made, and returns the findings in a fixed order.
  ///
  /// Checks that `state` has are not run again, and its findings are taken over.
  package func run(from state: ScanState = ScanState()) async throws(ScanError) -> [Finding] {
    findings = state.findings
    try await knock()
    try await logIn()
    observe(.began(operations: operations.count))
    await meet()
    await stock()
    await reach()
    listener = CallbackProbe()
    let checks = CheckCatalogue.all.filter { !settings.isQuick || type(of: $0).isQuick }
    for (place, check) in checks.enumerated() {
      if isOver {
        noteLeft(checks[place...].map { type(of: $0).name }.filter { !state.done.contains($0) })
        break
      }
      observe(
        .check(
          name: type(of: check).name, place: place, count: checks.count, requests: requestCount))
      if state.done.contains(type(of: check).name) { continue }
      await check.run(in: self)
      if !isOver { observe(.done(name: type(of: check).name)) }
      if place % 6 == 5 { await confirmSessions() }
    }
    isTidying = true
    await tidyUp()
    findings.sort {
      ($0.place, $0.kind.rawValue, $0.parameter ?? "")
        < ($1.place, $1.kind.rawValue, $1.parameter ?? "")
    }
    observe(.ended(requests: requestCount))
    return findings
  }

  /// Says what the scan did not come to; the end of a quick scan is none that needs words.
  private func noteLeft(_ names: [String]) {
    if !isSpent, !names.isEmpty { notes.append("not run: " + names.joined(separator: ", ")) }
  }

  /// The operations, those that take things away at the end.
  var ordered: [Operation] {
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
  func meet(only name: String? = nil) async {
    for operation in operations where operation.isRead && isSelf(operation) {
      for identity in identities where name == nil || identity.name == name {
        var call = Call(operation, [:], as: identity.name)
        complete(&call, for: operation)
        guard let answer = await send(call) else { continue }
        note(operation, identity.name, answer)
        guard answer.isSuccess, let object = answer.json?.objects.first else { continue }
        if firstSelves[identity.name] == nil { firstSelves[identity.name] = (call, answer) }
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
    for operation in operations where operation.isRead && isAllowed(operation) {
      guard let wanted = ForeignObject.objectParameter(of: operation) else { continue }
      for user in users.prefix(2) { await stock(wanted.name, for: user.name) }
    }
  }

  /// Has an answer to `user` name a `wanted`, by whatever makes things, a few of them at most.
  private func stock(_ wanted: String, for user: String) async {
    let makers = operations.filter {
      $0.method == "POST" && $0.graphField == nil && !$0.path.contains("{") && $0.body != nil
        && !isLogin($0) && $0.name != registrar?.name && isAllowed($0)
    }
    for maker in makers.prefix(6) where harvested(wanted, for: user) == nil {
      var markers: [String] = []
      var call = Call(maker, [:], as: user)
      complete(&call, for: maker)
      call.body = await usualContent(of: maker, &markers, for: user)
      guard let answer = await send(call) else { return }
      note(maker, user, answer)
    }
  }

  /// Calls what reads as whoever may, so that the checks know what answers whom.
  private func reach() async {
    for operation in operations where operation.isRead && isWanted(operation) {
      _ = await reacher(of: operation)
    }
  }

  /// Somebody whom an operation that reads answers, the one with the fewest rights first, and
  /// the call that it answers.
  func reacher(
    of operation: Operation
  ) async -> (call: Call, answer: Answer, values: [String: String])? {
    if let known = reachers[operation.name] { return known }
    var names: [String?] = users.prefix(2).map(\.name)
    names += [administrator?.name]
    if !operation.isSecured || users.isEmpty { names.append(nil) }
    for name in names {
      if name == nil, administrator == nil, operation.isSecured, !users.isEmpty { continue }
      guard let (values, _) = await values(for: operation, of: name ?? "anonymous") else {
        continue
      }
      var call = Call(operation, values, as: name)
      complete(&call, for: operation)
      if operation.body != nil {
        var markers: [String] = []
        call.body = await usualContent(of: operation, &markers, for: name)
      }
      guard let answer = await send(call) else { return nil }
      note(operation, name, answer)
      if answer.isSuccess {
        reachers[operation.name] = (call, answer, values)
        return (call, answer, values)
      }
      if ![401, 403, 404].contains(answer.status), !answer.isSoftRefusal { break }
    }
    return nil
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
    await restoreSelves()
    await removeAccounts()
  }

  /// Gives the users back what they were, where something has changed it.
  private func restoreSelves() async {
    for identity in identities where !identity.isTemporary {
      guard let (look, first) = firstSelves[identity.name], let now = await send(look),
        now.text != first.text,
        let shown = first.json?.objects.first(where: { object in
          object.members.contains { $0.value.scalarText != nil }
        }),
        let writer = operations.first(where: {
          ["PUT", "PATCH"].contains($0.method) && isAboutCaller($0)
            && $0.leafMembers.contains { shown[Operation.last(of: $0.name)] != nil }
        })
      else { continue }
      var call = Call(writer, [:], as: identity.name)
      complete(&call, for: writer)
      call.body = writer.leafMembers.reduce(JSONValue.object([])) { body, member in
        shown[Operation.last(of: member.name)].map { body.setting(dotted: member.name, $0) } ?? body
      }
      if let answer = await send(call), !answer.isSuccess {
        notes.append("\(identity.name) could not be given back what it was at \(writer.name)")
      }
    }
  }

  /// Removes the accounts that the scan made, as themselves or as the administrator.
  private func removeAccounts() async {
    let removers = operations.filter { operation in
      guard operation.method == "DELETE", operation.isItem, operation.pathParameters.count == 1,
        let last = operation.pathParameters.last
      else { return false }
      return meansPeople(last, Scan.collection(of: last.name, in: operation.path))
    }
    guard let remover = removers.first, let last = remover.pathParameters.last else { return }
    let collection = Scan.collection(of: last.name, in: remover.path)
    for identity in identities where identity.isTemporary {
      guard let own = ownValue(last, collection, of: identity.name) else { continue }
      let call = Call(remover, [last.name: own], as: identity.name)
      if let answer = await send(call), answer.isSuccess { continue }
      if let administrator { _ = await send(call.by(administrator.name)) }
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
