/// Wrong attempts at an operation that takes the name of an account.
struct LoginAttempt {
  let operation: Operation
  /// The member that names the account.
  let member: String

  /// The member that names an account; nil if an operation has none.
  init?(_ operation: Operation) {
    let words = [
      "username", "login", "email", "user", "name", "identifier", "account", "phone", "number",
    ]
    let members = operation.leafMembers.map(\.name)
    let found =
      words.lazy.compactMap { word in
        members.first { Names.plain(Operation.last(of: $0)) == word }
      }.first
      ?? members.first { name in
        !Names.isPassword(name)
          && words.contains { Operation.last(of: name).lowercased().contains($0) }
      }
    guard let found else { return nil }
    self.operation = operation
    member = found
  }

  /// What an account that exists may be called there: the scan's own one first.
  func names(in scan: isolated Scan) async -> [String] {
    var identity = scan.users.last
    if let account = await scan.makeAccount() { identity = account.identity }
    guard let identity else { return [] }
    if let given = identity.login?.body[dotted: member]?.string { return [given] }
    let (mails, names) = (
      scan.facts(of: identity.name, "email"), scan.facts(of: identity.name, "name")
    )
    return member.lowercased().contains("mail") ? mails + names : names + mails
  }

  /// A request with a wrong password, or whatever else has to be right.
  func call(_ name: String, in scan: isolated Scan) async -> Call {
    var markers: [String] = []
    var call = Call(operation, [:], as: nil)
    scan.complete(&call, for: operation)
    call.body = await scan.content(of: operation, .marked, &markers)
    if let known = scan.identities.first(where: {
      $0.login?.path == operation.path && $0.login?.method == operation.method
    })?.login, known.body[dotted: member] != nil {
      // What is known to be let in, but for the password.
      call.body = known.body
      call.mediaType = known.mediaType ?? call.mediaType
      for field in known.headers {
        call = call.with(field: field.name, field.value.scalarText ?? "")
      }
    }
    for other in operation.leafMembers {
      let plain = Names.plain(Operation.last(of: other.name))
      if Names.isPassword(other.name) {
        call = call.with(member: other.name, "Wrong-guess-77")
      } else if ["otp", "pin", "code", "token"].contains(where: plain.contains) {
        call = call.with(
          member: other.name,
          other.value["type"]?.string == "integer" ? .integer(1234) : "1234")
      }
    }
    return call.with(member: member, .string(name))
  }

  static func unknown(like known: String, _ letter: String) -> String {
    let stem = "gh" + String(repeating: letter, count: 6)
    return known.contains("@") ? stem + "@example.com" : stem
  }
}
