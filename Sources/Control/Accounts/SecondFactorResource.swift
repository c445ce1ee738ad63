import Crypto
import Formats
import Storage

/// An administrator's own second factor.
struct SecondFactorResource: Sendable {
  let accounts: AdminAccounts

  private var context: AdminContext { accounts.context }
  private static let path = "/v1/self/second-factor"
  private static let code = [JSONMember("code", AdminSchema.text)]

  var endpoints: [AdminEndpoint] {
    [
      AdminEndpoint(
        "POST", SecondFactorResource.path, .own, "makes a secret for one-time passwords",
        content: [JSONMember("password", AdminSchema.text)], required: ["password"]
      ) { try begin($0) },
      AdminEndpoint(
        "POST", SecondFactorResource.path + "/confirmation", .own,
        "takes the new secret on, once a password of it is shown",
        content: SecondFactorResource.code, required: ["code"]
      ) { try confirm($0) },
      AdminEndpoint(
        "POST", SecondFactorResource.path + "/removal", .own, "takes the second factor away",
        content: SecondFactorResource.code, required: ["code"]
      ) { try remove($0) },
    ]
  }

  private func own(_ call: AdminCall) throws -> VaultRecord {
    guard let name = call.caller?.name,
      let record = try context.vault.record(AdminAccounts.administratorKind, name)
    else { throw AdminFailure.notFound }
    return record
  }

  private func make(
    _ action: String, _ old: VaultRecord, _ factor: AdminSecondFactor, _ call: AdminCall,
    also changes: [VaultChange] = [], answer: AdminAnswer
  ) throws -> AdminAnswer {
    try context.make(
      .init(
        action: action, target: "administrators/\(old.id)",
        before: AdminAccounts.shown(old.id, old.body),
        after: AdminAccounts.shown(old.id, .object(factor.body)),
        changes: [
          .put(
            AdminAccounts.administratorKind, old.id, .object(factor.body),
            expecting: .revision(old.revision))
        ] + changes),
      call, answer: answer)
  }

  /// Takes the password: who finds a token must not be able to lock its owner out.
  private func begin(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let password = try body.requiredText("password", bytesMax: Argon2id.passwordBytesMax)
    try body.finish()
    let old = try own(call)
    try accounts.admit(name: old.id, call)
    guard old.body["password"]?.string.flatMap({ PasswordHash($0) })?.matches(password) == true
    else { return try accounts.refuse(name: old.id, call) }
    var factor = AdminSecondFactor(name: old.id, body: old.body, context: context)
    guard !factor.isActive else {
      throw AdminFailure.conflict("there is a second factor: remove it first")
    }
    let made = try factor.begin()
    return try make(
      "second-factor.begin", old, factor, call,
      answer: AdminAnswer(
        201,
        .object([
          JSONMember("secret", .string(made.secret)), JSONMember("link", .string(made.link)),
        ])))
  }

  private func confirm(_ call: AdminCall) throws -> AdminAnswer {
    let (old, code) = try shown(call)
    var factor = AdminSecondFactor(name: old.id, body: old.body, context: context)
    guard let codes = try factor.confirm(code) else {
      return try accounts.refuse(name: old.id, call)
    }
    // The token that added it has shown it; what others know of a password alone is out.
    let others = try context.vault.records(
      AdminAccounts.tokenKind, index: "administrator", value: old.id, limit: 1000)
    let removals = others.filter { $0.id != call.caller?.token && isSession($0) }
    let present = others.first { $0.id == call.caller?.token }
    return try make(
      "second-factor.add", old, factor, call,
      also: removals.map { .remove(AdminAccounts.tokenKind, $0.id) }
        + [present.map(proven)].compactMap { $0 },
      answer: AdminAnswer(
        200, .object([JSONMember("recovery-codes", .array(codes.map { .string($0) }))])))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let (old, code) = try shown(call)
    var factor = AdminSecondFactor(name: old.id, body: old.body, context: context)
    guard factor.use(code) else { return try accounts.refuse(name: old.id, call) }
    factor.remove()
    return try make(
      "second-factor.remove", old, factor, call, answer: AdminAnswer(204, nil))
  }

  private func shown(_ call: AdminCall) throws -> (VaultRecord, String) {
    var body = AdminBody(try call.body())
    let code = try body.requiredText("code")
    try body.finish()
    let old = try own(call)
    try accounts.admit(name: old.id, call)
    return (old, code)
  }

  /// Whether a token came of a login, and not of somebody's wish for one of a certain use.
  private func isSession(_ token: VaultRecord) -> Bool {
    ["login", "setup"].contains(token.body["note"]?.string ?? "")
      && token.body["permissions"]?.isNull != false
  }

  private func proven(_ token: VaultRecord) -> VaultChange {
    var members = token.body.members.filter { $0.name != "second-factor-at" }
    members.append(JSONMember("second-factor-at", .integer(context.now)))
    return .put(
      AdminAccounts.tokenKind, token.id, .object(members),
      indexes: [IndexValue("administrator", token.body["administrator"]?.string ?? "")],
      expires: token.body["expires"]?.integer, expecting: .revision(token.revision))
  }
}
