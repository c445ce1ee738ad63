import Base
import Crypto
import Formats
import HTTP
import Storage

/// Administrators, their tokens, and how the first of them comes to be.
struct AdminAccounts: Sendable {
  static let administratorKind = "administrator"
  static let tokenKind = "token"
  static let setupKind = "setup"
  private static let setupID = "setup"

  /// How long the secret of the first start is good, in milliseconds.
  private static let setupMilliseconds = 3_600_000
  /// How long somebody who gave a password is known, in milliseconds.
  static let sessionMilliseconds = 12 * 3_600_000
  /// Shortest password, in characters (NIST SP 800-63B §3.1.1.2 asks for eight at least, fifteen
  /// where nothing else is asked for).
  private static let passwordMin = 15

  let context: AdminContext
  let throttle: LoginThrottle
  /// What is hashed for names that nobody has, so that they take as long as wrong passwords.
  private let decoy: PasswordHash?

  init(_ context: AdminContext) {
    self.context = context
    throttle = LoginThrottle()
    decoy = try? PasswordHash(of: "nobody's password")
  }

  // MARK: The first start

  /// A new setup secret, if there is no administrator; nil if there is one.
  func makeSetupSecret(force: Bool = false) throws -> String? {
    if !force {
      guard try context.vault.records(AdminAccounts.administratorKind, limit: 1).isEmpty else {
        return nil
      }
    }
    let secret = try AdminSecret(prefix: AdminSecret.setupPrefix, context.pepper)
    let change = AdminContext.Change(
      action: "setup.begin", target: "setup", before: nil, after: nil,
      changes: [
        .put(
          AdminAccounts.setupKind, AdminAccounts.setupID,
          .object([JSONMember("digest", .string(secret.digest.hex))]),
          expires: context.now + AdminAccounts.setupMilliseconds)
      ])
    try context.commit(change, by: "gatehouse", token: nil, "")
    return secret.text
  }

  /// Makes an owner for whoever has the setup secret, which is good once.
  func setUp(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let given = try body.requiredText("secret")
    let name = try body.requiredName("name")
    let password = try AdminAccounts.password(&body)
    try body.finish()
    try admit(name: "setup", call)
    guard
      let setup = try context.vault.record(AdminAccounts.setupKind, AdminAccounts.setupID),
      let told = setup.body["digest"]?.string, let kept = Digest256(hex: told),
      AdminSecret.digest(of: given, context.pepper).constantTimeEquals(kept)
    else { return try refuse(name: "setup", call) }
    let administrator = try administrator(name: name, role: .owner, password: password)
    let existing = try context.vault.record(AdminAccounts.administratorKind, name)
    let token = try newToken(
      name: name, permissions: nil, expires: context.now + AdminAccounts.sessionMilliseconds,
      note: "setup")
    let change = AdminContext.Change(
      action: "setup.complete", target: "administrators/\(name)", before: nil,
      after: AdminAccounts.shown(name, administrator),
      changes: [
        .remove(
          AdminAccounts.setupKind, AdminAccounts.setupID, expecting: .revision(setup.revision)),
        .put(
          AdminAccounts.administratorKind, name, administrator,
          expecting: existing.map { .revision($0.revision) } ?? .absent),
        token.change,
      ])
    try context.commit(change, by: name, token: nil, call.request.client)
    return AdminAnswer(201, token.answer, location: "/v1/administrators/\(name)")
  }

  // MARK: Passwords

  /// A password that may be taken on.
  static func password(_ body: inout AdminBody) throws(AdminFailure) -> String {
    let password = try body.requiredText("password", bytesMax: Argon2id.passwordBytesMax)
    guard password.count >= passwordMin else {
      throw .malformed("'password' has at least \(passwordMin) characters")
    }
    return password
  }

  /// The record of an administrator.
  func administrator(
    name: String, role: AdminRole, password: String
  ) throws -> JSONValue {
    .object([
      JSONMember("role", .string(role.rawValue)),
      JSONMember("password", .string(try PasswordHash(of: password).text)),
      JSONMember("created", .integer(context.now)), JSONMember("disabled", false),
    ])
  }

  /// An administrator as the API shows it.
  static func shown(_ name: String, _ body: JSONValue) -> JSONValue {
    .object([
      JSONMember("name", .string(name)), JSONMember("role", body["role"] ?? .null),
      JSONMember("disabled", body["disabled"] ?? false),
      JSONMember("second-factor", .boolean(AdminSecondFactor.isActive(body))),
      JSONMember("created", .string(Timestamp.text(body["created"]?.integer ?? 0))),
    ])
  }

  func admit(name: String, _ call: AdminCall) throws(AdminFailure) {
    let wait = throttle.wait(name: name, address: call.request.client, now: context.now)
    if wait > 0 { throw .throttled(seconds: wait) }
  }

  func refuse(name: String, _ call: AdminCall) throws -> AdminAnswer {
    throttle.failed(name: name, address: call.request.client, now: context.now)
    let change = AdminContext.Change(
      action: "login.refused", target: "administrators/\(name)", before: nil, after: nil,
      changes: [])
    try context.commit(change, by: "", token: nil, call.request.client)
    throw AdminFailure.credentialsInvalid
  }

  /// A token for whoever knows an administrator's password.
  func logIn(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let name = try body.requiredName("name")
    let password = try body.requiredText("password", bytesMax: Argon2id.passwordBytesMax)
    let code = try body.text("code")
    try body.finish()
    try admit(name: name, call)
    let found = try context.vault.record(AdminAccounts.administratorKind, name)
    let hash = found?.body["password"]?.string.flatMap { PasswordHash($0) } ?? decoy
    let isRight = hash?.matches(password) == true
    guard let found, isRight, found.body["disabled"]?.boolean != true else {
      return try refuse(name: name, call)
    }
    var factor = AdminSecondFactor(name: name, body: found.body, context: context)
    if factor.isActive {
      guard let code else { throw AdminFailure.codeRequired }
      guard factor.use(code) else { return try refuse(name: name, call) }
    }
    throttle.succeeded(name: name, address: call.request.client)
    var kept = factor.body
    if hash?.isOutdated() == true {
      kept["password"] = .string(try PasswordHash(of: password).text)
    }
    var changes: [VaultChange] = []
    if factor.isActive || hash?.isOutdated() == true {
      // The revision makes a code good once: of two that show the same, one fails.
      changes.append(
        .put(
          AdminAccounts.administratorKind, name, .object(kept),
          expecting: .revision(found.revision)))
    }
    let token = try newToken(
      name: name, permissions: nil, expires: context.now + AdminAccounts.sessionMilliseconds,
      note: "login", secondFactorAt: factor.isActive ? context.now : nil)
    let change = AdminContext.Change(
      action: "login", target: "administrators/\(name)", before: nil, after: nil,
      changes: changes + [token.change])
    try context.commit(change, by: name, token: token.id, call.request.client)
    return AdminAnswer(201, token.answer, location: "/v1/tokens/\(token.id)")
  }

  // MARK: Tokens

  /// A token that is yet to be written.
  struct NewToken {
    let id: String
    let change: VaultChange
    /// What its owner gets to see, once.
    let answer: JSONValue
  }

  /// A token with these permissions, or all that its owner has.
  func newToken(
    name: String, permissions: [AdminPermission]?, expires: Int, note: String,
    secondFactorAt: Int? = nil
  ) throws(AdminFailure) -> NewToken {
    let secret = try AdminSecret(prefix: AdminSecret.tokenPrefix, context.pepper)
    let scopes = permissions.map { JSONValue.array($0.map { .string($0.rawValue) }) }
    let body = JSONValue.object([
      JSONMember("administrator", .string(name)), JSONMember("digest", .string(secret.digest.hex)),
      JSONMember("permissions", scopes ?? .null), JSONMember("note", .string(note)),
      JSONMember("created", .integer(context.now)), JSONMember("expires", .integer(expires)),
      JSONMember("second-factor-at", secondFactorAt.map { .integer($0) } ?? .null),
    ])
    var shown = AdminAccounts.shownToken(secret.name, body).members
    shown.insert(JSONMember("token", .string(secret.text)), at: 0)
    return NewToken(
      id: secret.name,
      change: .put(
        AdminAccounts.tokenKind, secret.name, body,
        indexes: [IndexValue("administrator", name)], expires: expires, expecting: .absent),
      answer: .object(shown))
  }

  /// A token as the API shows it.
  static func shownToken(_ id: String, _ body: JSONValue) -> JSONValue {
    .object([
      JSONMember("id", .string(id)), JSONMember("administrator", body["administrator"] ?? .null),
      JSONMember("permissions", body["permissions"] ?? .null),
      JSONMember("note", body["note"] ?? .null),
      JSONMember("created", .string(Timestamp.text(body["created"]?.integer ?? 0))),
      JSONMember("expires", .string(Timestamp.text(body["expires"]?.integer ?? 0))),
    ])
  }

  /// Who shows this `Authorization` field (RFC 6750 §2.1).
  func caller(_ request: AdminCall) throws -> AdminCaller {
    let given = request.request.fields.filter { $0.name == "authorization" }
    guard let field = given.first?.value else { throw AdminFailure.credentialsRequired }
    let words = field.split(separator: " ")
    guard given.count == 1, words.count == 2, words[0].lowercased() == "bearer",
      words[1].utf8.count <= 128
    else { throw AdminFailure.credentialsInvalid }
    let digest = AdminSecret.digest(of: String(words[1]), context.pepper)
    let id = AdminSecret.name(digest)
    guard let token = try context.vault.record(AdminAccounts.tokenKind, id),
      let told = token.body["digest"]?.string, let kept = Digest256(hex: told),
      kept.constantTimeEquals(digest), let name = token.body["administrator"]?.string,
      let administrator = try context.vault.record(AdminAccounts.administratorKind, name),
      administrator.body["disabled"]?.boolean != true,
      let role = administrator.body["role"]?.string.flatMap({ AdminRole(rawValue: $0) })
    else { throw AdminFailure.credentialsInvalid }
    var permissions = role.permissions
    if case .array(let scopes)? = token.body["permissions"] {
      permissions.formIntersection(
        scopes.compactMap { $0.string.flatMap { AdminPermission(rawValue: $0) } })
    }
    return AdminCaller(
      name: name, role: role, permissions: permissions, token: id,
      hasSecondFactor: AdminSecondFactor.isActive(administrator.body),
      secondFactorAt: token.body["second-factor-at"]?.integer)
  }
}
