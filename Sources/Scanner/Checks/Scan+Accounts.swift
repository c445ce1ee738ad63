/// What a login gives away, and how often one may try (API2, API4).
extension Scan {
  func checkEnumeration(_ operation: Operation) async {
    guard isLogin(operation), wants(.enumeration, at: operation.name),
      let (member, names) = accounts(for: operation, users.first)
    else { return }
    for name in names.prefix(3) where !has(.enumeration, at: operation.name) {
      await compare(operation, member, name)
    }
  }

  /// Compares the answers about an account that exists with those about two that do not.
  private func compare(_ operation: Operation, _ nameMember: String, _ known: String) async {
    let exists = attempt(operation, nameMember, known)
    let first = attempt(operation, nameMember, Scan.unknown(like: known, "q"))
    let second = attempt(operation, nameMember, Scan.unknown(like: known, "w"))
    guard let here = await send(exists), let away = await send(first),
      let gone = await send(second), let again = await send(exists)
    else { return }
    let shapes = [(here, exists), (again, exists), (away, first), (gone, second)].map {
      $0.0.shape(without: $0.1.body?.members.compactMap(\.value.string) ?? [])
    }
    guard here.status != 429, again.status != 429, !here.isSuccess, shapes[0] == shapes[1],
      shapes[2] == shapes[3], shapes[0] != shapes[2]
    else { return }
    report(
      .enumeration, operation.name, nameMember,
      "a wrong password is answered otherwise than an account that does not exist",
      [
        FindingStep("an account that exists", exists, here),
        FindingStep("one that does not", first, away),
      ])
  }

  func checkRateLimit(_ operation: Operation) async {
    guard isLogin(operation), wants(.noRateLimit, at: operation.name),
      let (nameMember, names) = accounts(for: operation, users.last), let known = names.first
    else { return }
    let call = attempt(operation, nameMember, known)
    guard let first = await send(call), !first.isSuccess, first.status != 429 else { return }
    var last = first
    for _ in 0..<30 {
      guard let answer = await send(call), answer.status == first.status,
        answer.text == first.text
      else { return }
      last = answer
    }
    var steps = [
      FindingStep("a wrong password", call, first),
      FindingStep("the thirty-first wrong password in a row", call, last),
    ]
    if let login = users.last?.login, login.path == operation.path {
      var right = Call(operation, [:], as: nil)
      right.body = login.body
      guard let answer = await send(right), answer.isSuccess else { return }
      steps.append(FindingStep("the right one still does", right, answer))
    }
    report(
      .noRateLimit, operation.name, nil, "thirty wrong passwords in a row change nothing", steps)
  }

  /// The member that names the account, and what one that exists may be called in it.
  private func accounts(
    for operation: Operation, _ user: Identity?
  ) -> (member: String, names: [String])? {
    let words = ["username", "login", "email", "user", "name", "identifier", "account", "phone"]
    let members = operation.bodyMembers.map(\.name)
    guard let user,
      let member = words.compactMap({ word in
        members.first { Scan.plain($0) == word }
      }).first ?? members.first(where: { !$0.lowercased().contains("pass") })
    else { return nil }
    if let given = user.login?.body[member]?.string { return (member, [given]) }
    let own = selves[user.name] ?? [:]
    let (mails, names) = (own["email", default: []].sorted(), own["name", default: []].sorted())
    let all = member.lowercased().contains("mail") ? mails + names : names + mails
    return all.isEmpty ? nil : (member, all)
  }

  private func attempt(_ operation: Operation, _ member: String, _ name: String) -> Call {
    var markers: [String] = []
    var call = Call(operation, [:], as: nil)
    call.body = content(of: operation, .marked, &markers)
    for other in operation.bodyMembers where other.name.lowercased().contains("pass") {
      call = call.with(member: other.name, "Wrong-guess-77")
    }
    return call.with(member: member, .string(name))
  }

  private static func unknown(like known: String, _ letter: String) -> String {
    let stem = "gh" + String(repeating: letter, count: 6)
    return known.contains("@") ? stem + "@example.com" : stem
  }
}
