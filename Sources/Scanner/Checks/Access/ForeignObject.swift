/// Somebody else at an object: what `owner` made, `intruder` reads or changes; then the owner
/// looks. The intruder may be nobody.
enum ForeignObject {
  // MARK: Reading

  /// The steps that prove that `intruder` reads what is `owner`'s; nil if that is not so.
  static func read(
    _ operation: Operation, of owner: String, by intruder: String?, in scan: isolated Scan
  ) async -> [FindingStep]? {
    guard let (values, made) = await scan.values(for: operation, of: owner, fresh: true) else {
      return nil
    }
    var markers = made?.markers ?? []
    if made == nil, let more = await fill(operation, values, by: owner, in: scan) {
      markers = more
    }
    var call = Call(operation, values, as: owner)
    scan.complete(&call, for: operation)
    name(owner, in: &call, of: operation, in: scan)
    guard let own = await scan.send(call) else { return nil }
    scan.note(operation, owner, own)
    guard own.isSuccess, own.hasContent else { return nil }
    // What was put into the request itself shows nothing of what the API keeps.
    let sent = call.path + call.query.map(\.value).joined()
    var evidence = markers.filter { own.text.contains($0) && !sent.contains($0) }
    if evidence.isEmpty { evidence = await distinctive(own, operation, intruder, sent, in: scan) }
    guard !evidence.isEmpty else { return nil }
    if objectParameter(of: operation) != nil, intruder != nil, !operation.isSecured,
      let nobody = await scan.send(call.by(nil)),
      evidence.contains(where: { nobody.text.contains($0) }),
      scan.description.declaresSecurity || !isPrivate(evidence, in: own)
    {
      return nil
    }
    for call in await variants(of: call, operation, values, intruder, in: scan) {
      guard let foreign = await scan.send(call), foreign.isSuccess else { continue }
      let seen = evidence.filter { foreign.text.contains($0) }
      guard !seen.isEmpty else { continue }
      if await isPublic(operation, seen, own, in: scan) { return nil }
      if let intruder, await isShared(operation, seen, to: intruder, own, values, in: scan) {
        return nil
      }
      return [
        FindingStep("the owner reads it", call.by(owner), own),
        FindingStep("somebody else reads it too", call, foreign),
      ]
    }
    return nil
  }

  /// The parameter of the query that says whose things are wanted.
  static func ownerParameter(of operation: Operation) -> Parameter? {
    operation.queryParameters.first {
      let plain = Names.plain($0.name)
      return Names.isOwner($0.name) || plain == "username" || plain == "email"
    }
  }

  /// The parameter of the query that says which object is wanted, where the path does not.
  static func objectParameter(of operation: Operation) -> Parameter? {
    guard operation.graphField == nil, !operation.path.contains("{") else { return nil }
    return operation.queryParameters.first {
      let plain = Names.plain($0.name)
      return (plain.hasSuffix("id") || plain.hasSuffix("uuid")) && !Names.isOwner($0.name)
        && $0.schema["enum"] == nil
    }
  }

  /// Puts who is meant into the query, where there is a place for it.
  private static func name(
    _ owner: String, in call: inout Call, of operation: Operation, in scan: isolated Scan
  ) {
    guard !operation.path.contains("{") else { return }
    if let parameter = ownerParameter(of: operation),
      let value = scan.ownValue(parameter, "/users", of: owner)
    {
      call = call.with(query: parameter.name, value)
    } else if let parameter = objectParameter(of: operation),
      let value = scan.harvested(parameter.name, for: owner)
    {
      call = call.with(query: parameter.name, value)
    }
  }

  /// For a list below a user: makes something that should stand in it.
  private static func fill(
    _ operation: Operation, _ values: [String: String], by owner: String, in scan: isolated Scan
  ) async -> [String]? {
    guard !operation.isItem, scan.operation("POST", operation.path) != nil else { return nil }
    let parameter = Parameter("id", .path, isRequired: true, schema: [:])
    return await scan.make(in: operation.path, parameter, values, by: owner)?.markers
  }

  /// Texts of an answer that the intruder has no other way to know.
  private static func distinctive(
    _ own: Answer, _ operation: Operation, _ intruder: String?, _ sent: String,
    in scan: isolated Scan
  ) async -> [String] {
    var others = ""
    if let intruder, let (values, _) = await scan.values(for: operation, of: intruder) {
      var call = Call(operation, values, as: intruder)
      scan.complete(&call, for: operation)
      name(intruder, in: &call, of: operation, in: scan)
      guard let answer = await scan.send(call) else { return [] }
      others = answer.text
    }
    let leaves = own.json?.leaves ?? []
    let texts = leaves.filter { leaf in
      // Times and the like differ between answers, not between owners.
      let name = Names.plain(leaf.name)
      return !["time", "date", "at", "expires", "timestamp", "nonce", "requestid", "token"]
        .contains { name.hasSuffix($0) }
    }.compactMap(\.value.scalarText)
    return Array(
      texts.filter { $0.utf8.count >= 6 && !others.contains($0) && !sent.contains($0) }.prefix(8))
  }

  /// The intruder's call with the owner's values, and, for what is nested, below the intruder.
  private static func variants(
    of call: Call, _ operation: Operation, _ values: [String: String], _ intruder: String?,
    in scan: isolated Scan
  ) async -> [Call] {
    var calls = [call.by(intruder)]
    if let mixed = await mixed(operation, values, intruder, in: scan) {
      var other = Call(operation, mixed, as: intruder)
      other.query = call.query
      other.fields = call.fields
      other.body = call.body
      calls.append(other)
    }
    return calls
  }

  /// The owner's object below the intruder's own parent; nil if it is not nested.
  private static func mixed(
    _ operation: Operation, _ values: [String: String], _ intruder: String?,
    in scan: isolated Scan
  ) async -> [String: String]? {
    guard let intruder, let last = operation.pathParameters.last?.name,
      operation.pathParameters.count > 1,
      let (own, _) = await scan.values(for: operation, of: intruder)
    else { return nil }
    var result = own
    result[last] = values[last]
    return result == values ? nil : result
  }

  private static let privateWords = [
    "secret", "private", "token", "note", "iban", "ssn", "card", "password", "address", "balance",
    "phone", "salary", "birth", "vin", "location", "latitude", "passport", "license", "cvv",
    "account", "medical", "diagnos",
  ]

  /// Whether an intruder's own list shows the same, or anybody is meant to see it.
  private static func isShared(
    _ operation: Operation, _ evidence: [String], to intruder: String, _ own: Answer,
    _ values: [String: String], in scan: isolated Scan
  ) async -> Bool {
    if !operation.isSecured, let anonymous = await anonymously(operation, values, in: scan),
      evidence.contains(where: { anonymous.text.contains($0) })
    {
      // Where the description says nothing of credentials, only what is private by its name counts.
      return scan.description.declaresSecurity
        || !isPrivate(evidence.filter { anonymous.text.contains($0) }, in: own)
    }
    guard operation.isItem, let last = operation.pathParameters.last else { return false }
    let collection = Scan.collection(of: last.name, in: operation.path)
    guard let lister = scan.lister(of: collection),
      let (values, _) = await scan.values(for: lister, of: intruder)
    else { return false }
    var call = Call(lister, values, as: intruder)
    scan.complete(&call, for: lister)
    guard let list = await scan.send(call), list.isSuccess else { return false }
    let identifier = values[last.name]
    let hidden = evidence.filter { !list.text.contains($0) }
    if hidden.isEmpty { return true }
    let isListed =
      hidden.count < evidence.count
      || identifier.map { list.text.contains("\"\($0)\"") } == true
    // The list shows part of it: then only what has a private name counts.
    return isListed && !isPrivate(hidden, in: own)
  }

  /// Whether the list that an object is from is open to anybody, and what was seen is nothing that
  /// its name calls private: descriptions often demand a credential that is only welcome.
  private static func isPublic(
    _ operation: Operation, _ evidence: [String], _ own: Answer, in scan: isolated Scan
  ) async -> Bool {
    if FunctionReadCheck.isPrivileged(operation) { return false }
    guard let last = operation.pathParameters.last else {
      // A filter of a list that shows all of it to anybody anyway.
      var call = Call(operation, [:], as: nil)
      scan.complete(&call, for: operation)
      guard let list = await scan.send(call), list.isSuccess, PageSizeCheck.listCount(list) ?? 0 > 0
      else { return false }
      return !isPrivate(evidence, in: own)
    }
    guard let lister = scan.lister(of: Scan.collection(of: last.name, in: operation.path)),
      lister.name != operation.name, scan.isAllowed(lister), !lister.path.contains("{")
    else { return false }
    var call = Call(lister, [:], as: nil)
    scan.complete(&call, for: lister)
    guard let list = await scan.send(call), list.isSuccess, PageSizeCheck.listCount(list) ?? 0 > 0
    else { return false }
    return !isPrivate(evidence, in: own)
  }

  /// Whether an answer has a member whose name says that it is private.
  static func holdsPrivate(_ answer: Answer) -> Bool {
    (answer.json?.leaves ?? []).contains { leaf in
      privateWords.contains { leaf.name.lowercased().contains($0) }
        || Names.plain(leaf.name).contains("email")
    }
  }

  /// Whether one of `texts` stands in a member whose name says that it is private.
  private static func isPrivate(_ texts: [String], in answer: Answer) -> Bool {
    (answer.json?.leaves ?? []).contains { leaf in
      guard let text = leaf.value.scalarText, texts.contains(where: { text.contains($0) }) else {
        return false
      }
      return privateWords.contains { leaf.name.lowercased().contains($0) }
    }
  }

  private static func anonymously(
    _ operation: Operation, _ values: [String: String], in scan: isolated Scan
  ) async -> Answer? {
    var call = Call(operation, values, as: nil)
    scan.complete(&call, for: operation)
    return await scan.send(call)
  }

  // MARK: Changing

  /// The steps that prove that `intruder` changes what is `owner`'s; nil if that is not so.
  ///
  /// Only what the scan made is ever changed.
  static func change(
    _ operation: Operation, of owner: String, by intruder: String?, in scan: isolated Scan
  ) async -> [FindingStep]? {
    guard let (values, made) = await scan.values(for: operation, of: owner, fresh: true), let made
    else { return nil }
    if operation.method == "DELETE", let intruder,
      await scan.read(operation, values, as: owner) == nil
    {
      return await remove(operation, values, of: owner, by: intruder, in: scan)
    }
    guard let (_, before) = await scan.read(operation, values, as: owner), before.isSuccess,
      let (look, again) = await scan.read(operation, values, as: owner),
      let then = view(before, made), view(again, made) == then
    else { return nil }
    var markers: [String] = []
    var call = Call(operation, values, as: intruder)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: intruder ?? owner)
    for call in await variants(of: call, operation, values, intruder, in: scan) {
      guard let answer = await scan.send(call) else { continue }
      guard let after = await scan.send(look) else { return nil }
      let now = after.isSuccess ? view(after, made) : nil
      let isGone = now == nil && !(500..<600).contains(after.status)
      if operation.method == "DELETE" ? isGone : now != nil && now != then {
        if let intruder { scan.note(operation, intruder, answer) }
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
      if let own = await scan.send(ownCall) {
        scan.note(operation, owner, own)
        await mend(operation, ownCall, own, owner, in: scan)
      }
    }
    return nil
  }

  /// The same for what nothing shows: what somebody else has removed, its owner cannot remove any
  /// more, and what nobody has, it can.
  private static func remove(
    _ operation: Operation, _ values: [String: String], of owner: String, by intruder: String,
    in scan: isolated Scan
  ) async -> [FindingStep]? {
    let call = Call(operation, values, as: intruder)
    guard let foreign = await scan.send(call) else { return nil }
    guard foreign.isSuccess else {
      if let own = await scan.send(call.by(owner)) { scan.note(operation, owner, own) }
      return nil
    }
    guard let own = await scan.send(call.by(owner)), !own.isSuccess, own.status < 500,
      let (others, another) = await scan.values(for: operation, of: owner, fresh: true),
      another != nil
    else { return nil }
    let usual = Call(operation, others, as: owner)
    guard let usually = await scan.send(usual), usually.isSuccess,
      let gone = await scan.send(usual), !gone.isSuccess
    else { return nil }
    scan.note(operation, owner, usually)
    return [
      FindingStep("somebody else removes what the owner made", call, foreign),
      FindingStep("the owner cannot any more", call.by(owner), own),
      FindingStep("control: what nobody removed, the owner can", usual, usually),
      FindingStep("and then no more", usual, gone),
    ]
  }

  /// Where the owner's own content is refused, finds another form of it for those who come next.
  private static func mend(
    _ operation: Operation, _ call: Call, _ answer: Answer, _ owner: String,
    in scan: isolated Scan
  ) async {
    guard operation.body != nil, [400, 415, 422].contains(answer.status),
      scan.contents[operation.name] == nil
    else { return }
    for style in ContentStyle.allCases.dropFirst() {
      var markers: [String] = []
      var other = call
      other.body = await scan.content(of: operation, style, &markers, for: owner)
      guard let answer = await scan.send(other) else { return }
      scan.note(operation, owner, answer)
      if answer.isSuccess {
        scan.contents[operation.name] = style
        return
      }
    }
  }

  /// What an answer shows of an object: all of it, or its entry in a list; nil if it is not there.
  private static func view(_ answer: Answer, _ made: MadeObject) -> String? {
    guard let json = answer.json else { return answer.text }
    let identifiers = Set(made.values.values)
    let lists = json.objects.filter { object in
      object.members.contains {
        !$0.value.elements.isEmpty && !$0.value.elements[0].members.isEmpty
      }
    }
    let isList =
      !json.elements.isEmpty || json == .array([])
      || (!lists.isEmpty
        && !json.members.contains { $0.value.scalarText.map(identifiers.contains) == true })
    guard isList else { return "\(answer.status) \(json.serialized)" }
    return json.objects.first { object in
      object.members.allSatisfy {
        $0.value.elements.isEmpty || $0.value.elements[0].members.isEmpty
      }
        && object.members.contains {
          Names.plain($0.name).hasSuffix("id")
            && $0.value.scalarText.map(identifiers.contains) == true
        }
    }?.serialized
  }
}
