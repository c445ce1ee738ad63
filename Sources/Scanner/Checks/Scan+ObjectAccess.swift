/// Whether one user gets at the objects of another (API1): what `owner` made, `intruder` reads,
/// changes and deletes; then the owner looks.
extension Scan {
  func checkObjectAccess(_ operation: Operation) async {
    guard users.count >= 2, operation.path.contains("{"), !isLogin(operation) else { return }
    let kind: FindingKind = operation.isRead ? .objectRead : .objectWrite
    let who = [users[0].name, users[1].name]
    if wants(kind, at: operation.name) {
      var steps: [FindingStep] = []
      var count = 0
      // Twice, with the parts exchanged: that is the second, independent proof.
      for (owner, intruder) in [(who[0], who[1]), (who[1], who[0])] {
        guard let found = await intrude(operation, of: owner, by: intruder) else { break }
        steps += found
        count += 1
      }
      if count == 2 {
        let verb = operation.isRead ? "reads" : "changes"
        report(
          kind, operation.name, operation.pathParameters.last?.name,
          "\(who[1]) \(verb) what \(who[0]) made, and the other way round", steps)
      }
    }
    if operation.isSecured, wants(.missingAuthentication, at: operation.name),
      !has(.missingAuthentication, at: operation.name),
      let first = await intrude(operation, of: who[0], by: nil),
      let second = await intrude(operation, of: who[1], by: nil)
    {
      report(
        .missingAuthentication, operation.name, nil,
        "without any credential it does what it does for the owner", first + second)
    }
  }

  /// The steps that prove an intrusion; nil if there is none.
  private func intrude(
    _ operation: Operation, of owner: String, by intruder: String?
  ) async -> [FindingStep]? {
    switch operation.method {
    case "GET": await readForeign(operation, of: owner, by: intruder)
    case "PUT", "PATCH", "DELETE", "POST":
      operation.objectPath == operation.path || operation.method == "POST"
        ? await changeForeign(operation, of: owner, by: intruder) : nil
    default: nil
    }
  }

  // MARK: Reading

  private func readForeign(
    _ operation: Operation, of owner: String, by intruder: String?
  ) async -> [FindingStep]? {
    guard let (values, made) = await values(for: operation, of: owner, fresh: true) else {
      return nil
    }
    var markers = made?.markers ?? []
    if made == nil, let more = await fill(operation, values, by: owner) { markers = more }
    var call = Call(operation, values, as: owner)
    complete(&call, for: operation)
    guard let own = await send(call) else { return nil }
    note(operation, owner, own)
    guard own.isSuccess, own.hasContent else { return nil }
    var evidence = markers.filter { own.text.contains($0) }
    if evidence.isEmpty { evidence = await distinctive(own, operation, intruder) }
    guard !evidence.isEmpty else { return nil }
    for call in await variants(of: call, operation, values, intruder) {
      guard let foreign = await send(call), foreign.isSuccess else { continue }
      let seen = evidence.filter { foreign.text.contains($0) }
      guard !seen.isEmpty else { continue }
      if let intruder, await isShared(operation, seen, to: intruder, own) { return nil }
      return [
        FindingStep("the owner reads it", call.by(owner), own),
        FindingStep("somebody else reads it too", call, foreign),
      ]
    }
    return nil
  }

  /// For a list below a user: makes something that should stand in it.
  private func fill(
    _ operation: Operation, _ values: [String: String], by owner: String
  ) async -> [String]? {
    guard !operation.isItem, self.operation("POST", operation.path) != nil else { return nil }
    let parameter = Parameter("id", .path, isRequired: true, schema: [:])
    return await make(in: operation.path, parameter, values, by: owner)?.markers
  }

  /// Texts of an answer that the intruder has no other way to know.
  private func distinctive(
    _ own: Answer, _ operation: Operation, _ intruder: String?
  ) async -> [String] {
    var others = ""
    if let intruder, let (values, _) = await values(for: operation, of: intruder) {
      var call = Call(operation, values, as: intruder)
      complete(&call, for: operation)
      guard let answer = await send(call) else { return [] }
      others = answer.text
    }
    let texts = (own.json?.leaves ?? []).compactMap(\.value.scalarText)
    return Array(texts.filter { $0.utf8.count >= 6 && !others.contains($0) }.prefix(8))
  }

  /// The intruder's call with the owner's values, and, for what is nested, below the intruder.
  private func variants(
    of call: Call, _ operation: Operation, _ values: [String: String], _ intruder: String?
  ) async -> [Call] {
    var calls = [call.by(intruder)]
    if let mixed = await mixed(operation, values, intruder) {
      var other = Call(operation, mixed, as: intruder)
      other.query = call.query
      other.fields = call.fields
      other.body = call.body
      calls.append(other)
    }
    return calls
  }

  /// The owner's object below the intruder's own parent; nil if it is not nested.
  private func mixed(
    _ operation: Operation, _ values: [String: String], _ intruder: String?
  ) async -> [String: String]? {
    guard let intruder, let last = operation.pathParameters.last?.name,
      operation.pathParameters.count > 1,
      let (own, _) = await self.values(for: operation, of: intruder)
    else { return nil }
    var result = own
    result[last] = values[last]
    return result == values ? nil : result
  }

  /// Whether an intruder's own list shows the same, or anybody is meant to see it.
  private func isShared(
    _ operation: Operation, _ evidence: [String], to intruder: String, _ own: Answer
  ) async -> Bool {
    if !operation.isSecured {
      let anonymous = await anonymously(operation, own)
      if let anonymous, evidence.contains(where: { anonymous.text.contains($0) }) { return true }
    }
    guard operation.isItem, let last = operation.pathParameters.last else { return false }
    let collection = Scan.collection(of: last.name, in: operation.path)
    guard let lister = self.operation("GET", collection),
      let (values, _) = await values(for: lister, of: intruder)
    else { return false }
    var call = Call(lister, values, as: intruder)
    complete(&call, for: lister)
    guard let list = await send(call), list.isSuccess else { return false }
    let hidden = evidence.filter { !list.text.contains($0) }
    if hidden.isEmpty { return true }
    guard hidden.count < evidence.count else { return false }
    // The list shows part of it: then only what has a private name counts.
    let leaves = own.json?.leaves ?? []
    return !leaves.contains { leaf in
      guard let text = leaf.value.string, hidden.contains(where: { text.contains($0) }) else {
        return false
      }
      let words = ["secret", "private", "token", "note", "iban", "ssn", "card", "password"]
      return words.contains { leaf.name.lowercased().contains($0) }
    }
  }

  private func anonymously(_ operation: Operation, _ own: Answer) async -> Answer? {
    guard let (values, _) = await values(for: operation, of: users[0].name) else { return nil }
    var call = Call(operation, values, as: nil)
    complete(&call, for: operation)
    return await send(call)
  }

  // MARK: Changing

  private func changeForeign(
    _ operation: Operation, of owner: String, by intruder: String?
  ) async -> [FindingStep]? {
    // Only what the scan made is ever changed.
    guard let (values, made) = await values(for: operation, of: owner, fresh: true), made != nil,
      let (_, before) = await read(operation, values, as: owner), before.isSuccess,
      let (look, again) = await read(operation, values, as: owner),
      before.shape(without: []) == again.shape(without: [])
    else { return nil }
    var markers: [String] = []
    var call = Call(operation, values, as: intruder)
    complete(&call, for: operation)
    call.body = content(of: operation, contents[operation.name] ?? .marked, &markers)
    for call in await variants(of: call, operation, values, intruder) {
      guard let answer = await send(call) else { continue }
      guard let after = await send(look) else { return nil }
      let isChanged =
        operation.method == "DELETE"
        ? !after.isSuccess : after.isSuccess && after.text != before.text
      if isChanged {
        if let intruder { note(operation, intruder, answer) }
        return [
          FindingStep("the owner sees it", look, before),
          FindingStep("somebody else changes it", call, answer),
          FindingStep("the owner sees the change", look, after),
        ]
      }
    }
    // What nobody could do to it proves nothing unless the owner can.
    if intruder != nil {
      var ownCall = call.by(owner)
      ownCall.path = Call(operation, values, as: owner).path
      if let own = await send(ownCall) { note(operation, owner, own) }
    }
    return nil
  }
}
