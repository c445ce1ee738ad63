/// Members that callers should not get, or should not set (API3), and pages without bound (API4).
extension Scan {
  /// Names of members that no client should be shown, however it was asked.
  private static let secretNames: Set<String> = [
    "password", "passwd", "pwd", "passwordhash", "hashedpassword", "passwordsalt", "salt", "ssn",
    "socialsecuritynumber", "cvv", "cvc", "privatekey", "mfasecret", "totpsecret", "otpsecret",
    "resettoken", "pinhash",
  ]

  func checkExcessiveData(_ operation: Operation) async {
    guard operation.method == "GET", wants(.excessiveData, at: operation.name) else { return }
    let sent = Set(operations.flatMap { $0.bodyMembers.map { Scan.plain($0.name) } })
    for user in users.prefix(1) {
      guard let (values, _) = await values(for: operation, of: user.name) else { continue }
      var call = Call(operation, values, as: user.name)
      complete(&call, for: operation)
      guard let answer = await send(call) else { continue }
      note(operation, user.name, answer)
      guard answer.isSuccess, let name = secret(in: answer, sent) else { continue }
      guard let again = await send(call), secret(in: again, sent) == name else { continue }
      report(
        .excessiveData, operation.name, name, "the answer holds '\(name)'",
        [FindingStep("it is shown", call, answer), FindingStep("and again", call, again)])
    }
  }

  static func plain(_ name: String) -> String {
    name.lowercased().replacing("_", with: "").replacing("-", with: "")
  }

  /// The first member of an answer that is a secret and not masked.
  private func secret(in answer: Answer, _ sent: Set<String>) -> String? {
    let passwords = identities.flatMap { $0.login?.body.members ?? [] }
      .filter { Scan.secretNames.contains(Scan.plain($0.name)) }.compactMap(\.value.string)
    return (answer.json?.leaves ?? []).first { leaf in
      guard let text = leaf.value.scalarText, text.utf8.count >= 3 else { return false }
      if text.allSatisfy({ "*x•.-".contains($0) }) || text.hasPrefix("***") { return false }
      let name = Scan.plain(leaf.name)
      if passwords.contains(text), text.utf8.count >= 6 { return true }
      // A member that callers set themselves is theirs to see, except for a password.
      if !name.contains("pass"), name != "pwd", sent.contains(name) { return false }
      return Scan.secretNames.contains(name)
    }?.name
  }

  func checkPageSize(_ operation: Operation) async {
    let names: Set<String> = [
      "limit", "size", "pagesize", "perpage", "count", "take", "top", "max", "maxresults", "first",
      "rows",
    ]
    guard operation.method == "GET", wants(.unboundedPage, at: operation.name),
      let user = users.first
    else { return }
    for parameter in operation.queryParameters where names.contains(Scan.plain(parameter.name)) {
      guard let (values, _) = await values(for: operation, of: user.name) else { return }
      if let post = self.operation("POST", operation.path) {
        let item = Parameter("id", .path, isRequired: true, schema: [:])
        for _ in 0..<2 { _ = await make(in: post.path, item, values, by: user.name) }
      }
      var call = Call(operation, values, as: user.name)
      complete(&call, for: operation)
      let (few, many) = (call.with(query: parameter.name, "1"), 1_000_000)
      guard let one = await send(few), one.isSuccess, Scan.listCount(one) == 1 else { return }
      var steps = [FindingStep("one is asked for, and one comes", few, one)]
      for size in [many, many * 2] {
        let wide = call.with(query: parameter.name, "\(size)")
        guard let all = await send(wide), all.isSuccess, let count = Scan.listCount(all), count > 1,
          !Scan.saysLess(all, than: size, parameter.name)
        else { return }
        steps.append(FindingStep("\(size) are asked for, and nothing is refused", wide, all))
      }
      report(
        .unboundedPage, operation.name, parameter.name,
        "a page of \(many) is accepted, and the size is heeded", steps)
    }
  }

  /// How many elements the first list of an answer has.
  static func listCount(_ answer: Answer) -> Int? {
    guard let json = answer.json else { return nil }
    if case .array(let elements) = json { return elements.count }
    for member in json.members {
      if case .array(let elements) = member.value { return elements.count }
    }
    return json.members.compactMap { member -> Int? in
      for inner in member.value.members {
        if case .array(let elements) = inner.value { return elements.count }
      }
      return nil
    }.first
  }

  /// Whether an answer says that it used a smaller size.
  private static func saysLess(_ answer: Answer, than size: Int, _ name: String) -> Bool {
    (answer.json?.leaves ?? []).contains { leaf in
      guard plain(leaf.name) == plain(name) || plain(leaf.name).contains("limit"),
        let number = leaf.value.integer
      else { return false }
      return number < size
    }
  }

  // MARK: Mass assignment

  func checkMassAssignment(_ operation: Operation) async {
    guard ["POST", "PUT", "PATCH"].contains(operation.method), operation.body != nil,
      !isLogin(operation), users.count >= 2, wants(.massAssignment, at: operation.name)
    else { return }
    let isOwnProfile = !operation.path.contains("{") && operation.method != "POST"
    let user = users[0].name
    let needsObject = operation.method != "POST" && !isOwnProfile
    guard let (values, made) = await values(for: operation, of: user, fresh: needsObject),
      made != nil || !needsObject, let control = await plainly(operation, values, user)
    else { return }
    let allowed = Set(operation.bodyMembers.map { Scan.plain($0.name) })
    let shown = control.answer.json?.objects.first?.members ?? []
    var taken: [String] = []
    var steps = [FindingStep("without the member", control.call, control.answer)]
    for member in shown where !allowed.contains(Scan.plain(member.name)) {
      guard let (wanted, other) = forged(member) else { continue }
      guard
        let first = await inject(member.name, wanted, operation, values, user, isOwnProfile)
      else { continue }
      let second = await inject(member.name, other, operation, values, user, isOwnProfile)
      if isOwnProfile {
        _ = await inject(member.name, member.value, operation, values, user, isOwnProfile)
      }
      guard let second else { continue }
      steps += [first, second]
      taken.append(member.name)
    }
    guard !taken.isEmpty else { return }
    report(
      .massAssignment, operation.name, taken.joined(separator: ", "),
      "members that the description does not let callers set are taken over", steps)
  }

  /// Sends the operation's usual content.
  private func plainly(
    _ operation: Operation, _ values: [String: String], _ user: String
  ) async -> (call: Call, answer: Answer)? {
    for style in contents[operation.name].map({ [$0] }) ?? ContentStyle.allCases {
      var markers: [String] = []
      var call = Call(operation, values, as: user)
      complete(&call, for: operation)
      call.body = content(of: operation, style, &markers)
      guard let answer = await send(call) else { return nil }
      note(operation, user, answer)
      if answer.isSuccess {
        contents[operation.name] = style
        return (call, answer)
      }
    }
    return nil
  }

  /// Two values for a member that matters; nil for one that does not.
  private func forged(_ member: JSONMember) -> (JSONValue, JSONValue)? {
    let name = Scan.plain(member.name)
    if Scan.isOwnerName(member.name) {
      let others = users.dropFirst().first.flatMap { selves[$0.name]?["id"] }?.sorted() ?? []
      switch member.value {
      case .integer(let own):
        let ids = others.compactMap { Int($0) }.filter { $0 != own }
        guard let id = ids.first else { return (.integer(own + 1), .integer(own + 2)) }
        return (.integer(id), .integer(id))
      case .string(let own):
        guard let id = others.first(where: { $0 != own }) else { return nil }
        return (.string(id), .string(id))
      default: return nil
      }
    }
    let matters = [
      "role", "roles", "isadmin", "admin", "state", "status", "verified", "approved", "balance",
      "credit", "credits", "isverified", "emailverified", "price", "paid", "isactive", "plan",
      "permissions", "usertype", "isstaff", "superuser",
    ]
    guard matters.contains(name) else { return nil }
    switch member.value {
    case .boolean(let value): return (.boolean(!value), .boolean(!value))
    case .integer(let value): return (.integer(value + 977), .integer(value + 1301))
    case .number(let value): return (.number(value + 977.5), .number(value + 1301.5))
    case .string: return (.string("ghmass"), .string("ghmore"))
    default: return nil
    }
  }

  /// Sends the content with one more member; the step if the API took that over.
  private func inject(
    _ name: String, _ value: JSONValue, _ operation: Operation, _ values: [String: String],
    _ user: String, _ isOwnProfile: Bool
  ) async -> FindingStep? {
    var target = values
    if operation.method != "POST", !isOwnProfile {
      // Each time another object: one that was given away is no longer the user's to change.
      guard let fresh = await self.values(for: operation, of: user, fresh: true), fresh.made != nil
      else { return nil }
      target = fresh.values
    }
    var markers: [String] = []
    var call = Call(operation, target, as: user)
    complete(&call, for: operation)
    call.body = content(of: operation, contents[operation.name] ?? .marked, &markers)
    call = call.with(member: name, value)
    guard let answer = await send(call), answer.isSuccess else { return nil }
    let found = answer.json?.objects.contains { object in
      // An answer that echoes its request back under a name of its own proves nothing.
      object[name] == value && object.members.count > 1
    }
    return found == true ? FindingStep("with the member", call, answer) : nil
  }
}
