import Crypto
import Formats
import Storage

/// Administrators and their tokens.
struct AccountResource: Sendable {
  let accounts: AdminAccounts

  private var context: AdminContext { accounts.context }

  /// The longest life of a token, in milliseconds.
  private static let tokenMilliseconds = 366 * 86_400_000

  var endpoints: [AdminEndpoint] {
    opening + SecondFactorResource(accounts: accounts).endpoints + administrators + tokens
  }

  private static let credentials = [
    JSONMember("name", AdminSchema.name), JSONMember("password", AdminSchema.password),
  ]

  /// How one comes in.
  private var opening: [AdminEndpoint] {
    [
      AdminEndpoint(
        "POST", "/v1/setup", nil, "makes the first owner, with the secret of the first start",
        content: [JSONMember("secret", AdminSchema.text)] + AccountResource.credentials,
        required: ["secret", "name", "password"]
      ) { try accounts.setUp($0) },
      AdminEndpoint(
        "POST", "/v1/sessions", nil, "makes a token from name and password",
        content: AccountResource.credentials + [JSONMember("code", AdminSchema.text)],
        required: ["name", "password"]
      ) { try accounts.logIn($0) },
      AdminEndpoint("GET", "/v1/self", .own, "tells who calls and what he may do") { call in
        AdminAnswer(
          200,
          .object([
            JSONMember("name", .string(call.caller?.name ?? "")),
            JSONMember("role", .string(call.caller?.role.rawValue ?? "")),
            JSONMember(
              "permissions",
              .array(
                (call.caller?.permissions ?? []).map(\.rawValue).sorted().map { .string($0) })),
          ]))
      },
    ]
  }

  // MARK: Administrators

  private static let roles = AdminSchema.words(AdminRole.allCases.map(\.rawValue))

  private var administrators: [AdminEndpoint] {
    let one = "/v1/administrators/{administrator}"
    return [
      AdminEndpoint("GET", "/v1/administrators", .accounts, "lists administrators") {
        try list($0)
      },
      AdminEndpoint(
        "POST", "/v1/administrators", .administrators, "makes an administrator",
        content: AccountResource.credentials + [JSONMember("role", AccountResource.roles)],
        required: ["name", "password", "role"]
      ) { try create($0) },
      AdminEndpoint("GET", one, .accounts, "tells of an administrator") { try show($0) },
      AdminEndpoint(
        "PATCH", one, .administrators, "changes role, password or state of an administrator",
        content: [
          JSONMember("role", AccountResource.roles),
          JSONMember("password", AdminSchema.password),
          JSONMember("disabled", AdminSchema.boolean),
          JSONMember("second-factor", AdminSchema.boolean),
        ], needsMatch: true
      ) { try patch($0) },
      AdminEndpoint(
        "DELETE", one, .administrators, "removes an administrator", needsMatch: true
      ) { try remove($0) },
    ]
  }

  private func role(_ body: inout AdminBody) throws(AdminFailure) -> AdminRole? {
    guard let word = try body.text("role") else { return nil }
    guard let role = AdminRole(rawValue: word) else {
      throw .malformed(
        "'role' is one of " + AdminRole.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return role
  }

  private func list(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let records = try context.vault.records(
      AdminAccounts.administratorKind, after: after, limit: limit)
    return AdminCall.page(
      records.map { AdminAccounts.shown($0.id, $0.body) }, last: records.last?.id, limit: limit)
  }

  private func found(_ call: AdminCall) throws -> VaultRecord {
    guard
      let record = try context.vault.record(
        AdminAccounts.administratorKind, call.parameter("administrator"))
    else { throw AdminFailure.notFound }
    return record
  }

  private func show(_ call: AdminCall) throws -> AdminAnswer {
    let record = try found(call)
    return AdminAnswer(
      200, AdminAccounts.shown(record.id, record.body), revision: record.revision)
  }

  private func create(_ call: AdminCall) throws -> AdminAnswer {
    var body = AdminBody(try call.body())
    let name = try body.requiredName("name")
    guard let role = try role(&body) else { throw AdminFailure.malformed("'role' is missing") }
    let password = try AdminAccounts.password(&body)
    try body.finish()
    if try context.vault.record(AdminAccounts.administratorKind, name) != nil {
      throw AdminFailure.conflict("there is an administrator '\(name)' already")
    }
    let record = try accounts.administrator(name: name, role: role, password: password)
    let shown = AdminAccounts.shown(name, record)
    return try context.make(
      .init(
        action: "administrator.create", target: "administrators/\(name)", before: nil,
        after: shown,
        changes: [.put(AdminAccounts.administratorKind, name, record, expecting: .absent)]),
      call,
      answer: AdminAnswer(201, shown, revision: 1, location: "/v1/administrators/\(name)"))
  }

  private func patch(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call)
    guard case .object(var record) = old.body else { throw AdminFailure.notFound }
    var body = AdminBody(try call.body())
    let role = try role(&body)
    if let role { record["role"] = .string(role.rawValue) }
    if let disabled = try body.boolean("disabled") { record["disabled"] = .boolean(disabled) }
    let changesPassword = body.has("password")
    if changesPassword {
      let password = try AdminAccounts.password(&body)
      record["password"] = .string(try PasswordHash(of: password).text)
    }
    if let keeps = try body.boolean("second-factor"),
      keeps != AdminSecondFactor.isActive(old.body)
    {
      // Nobody can give another one a telephone, but take a lost one's word away.
      guard !keeps else {
        throw AdminFailure.malformed("a second factor is added by its owner")
      }
      var factor = AdminSecondFactor(name: old.id, body: .object(record), context: context)
      factor.remove()
      record = factor.body
    }
    try body.finish()
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    let isOwner = old.body["role"]?.string == AdminRole.owner.rawValue
    let loses = (role.map { $0 != .owner } ?? false) || record["disabled"]?.boolean == true
    if isOwner, loses { try checkLastOwner(old.id) }
    var changes = [
      VaultChange.put(
        AdminAccounts.administratorKind, old.id, .object(record),
        expecting: .revision(old.revision))
    ]
    // Whoever knew the old password is out.
    if changesPassword { changes += try tokenRemovals(old.id) }
    let shown = AdminAccounts.shown(old.id, .object(record))
    return try context.make(
      .init(
        action: changesPassword ? "administrator.password" : "administrator.change",
        target: "administrators/\(old.id)", before: AdminAccounts.shown(old.id, old.body),
        after: shown, changes: changes),
      call, answer: AdminAnswer(200, shown, revision: old.revision + 1))
  }

  private func remove(_ call: AdminCall) throws -> AdminAnswer {
    let old = try found(call)
    let expected = try call.expectedRevision()
    if let expected, expected != old.revision { throw AdminFailure.preconditionFailed }
    if old.body["role"]?.string == AdminRole.owner.rawValue { try checkLastOwner(old.id) }
    return try context.make(
      .init(
        action: "administrator.remove", target: "administrators/\(old.id)",
        before: AdminAccounts.shown(old.id, old.body), after: nil,
        changes: [
          .remove(
            AdminAccounts.administratorKind, old.id, expecting: .revision(old.revision))
        ] + (try tokenRemovals(old.id))),
      call, answer: AdminAnswer(204, nil))
  }

  private func tokenRemovals(_ name: String) throws -> [VaultChange] {
    try context.vault.records(
      AdminAccounts.tokenKind, index: "administrator", value: name, limit: 1000
    ).map { .remove(AdminAccounts.tokenKind, $0.id) }
  }

  /// Somebody must be left who may do everything.
  private func checkLastOwner(_ name: String) throws {
    let others = try context.vault.records(AdminAccounts.administratorKind, limit: 1000)
      .filter {
        $0.id != name && $0.body["role"]?.string == AdminRole.owner.rawValue
          && $0.body["disabled"]?.boolean != true
      }
    if others.isEmpty {
      throw AdminFailure.conflict("'\(name)' is the last owner who is not disabled")
    }
  }

  // MARK: Tokens

  private var tokens: [AdminEndpoint] {
    [
      AdminEndpoint("GET", "/v1/tokens", .own, "lists one's own tokens, or everybody's") {
        try listTokens($0)
      },
      AdminEndpoint(
        "POST", "/v1/tokens", .own, "makes a token with some of one's own permissions",
        content: [
          JSONMember("note", AdminSchema.text),
          JSONMember(
            "permissions",
            [
              "type": "array",
              "items": AdminSchema.words(AdminPermission.allCases.map(\.rawValue)),
            ]),
          JSONMember("expires", AdminSchema.time),
          JSONMember("expires-in", AdminSchema.duration),
        ]
      ) { try createToken($0) },
      AdminEndpoint("DELETE", "/v1/tokens/{token}", .own, "revokes a token") {
        try removeToken($0)
      },
    ]
  }

  private func listTokens(_ call: AdminCall) throws -> AdminAnswer {
    let (after, limit) = try call.page()
    let seesAll = call.caller?.permissions.contains(.accounts) == true
    let records =
      seesAll
      ? try context.vault.records(AdminAccounts.tokenKind, after: after, limit: limit)
      : try context.vault.records(
        AdminAccounts.tokenKind, index: "administrator", value: call.caller?.name ?? "",
        after: after, limit: limit)
    return AdminCall.page(
      records.map { AdminAccounts.shownToken($0.id, $0.body) }, last: records.last?.id,
      limit: limit)
  }

  private func createToken(_ call: AdminCall) throws -> AdminAnswer {
    guard let caller = call.caller else { throw AdminFailure.credentialsRequired }
    var body = AdminBody(try call.body())
    let note = try body.text("note") ?? ""
    let words = try body.names("permissions")
    let expires =
      try body.time("expires", orIn: "expires-in", now: context.now)
      ?? context.now + 90 * 86_400_000
    try body.finish()
    guard expires <= context.now + AccountResource.tokenMilliseconds else {
      throw AdminFailure.malformed("a token is good for a year at most")
    }
    var permissions: [AdminPermission] = []
    for word in words ?? caller.permissions.map(\.rawValue).sorted() {
      guard let permission = AdminPermission(rawValue: word) else {
        throw AdminFailure.malformed("there is no permission '\(word)'")
      }
      guard caller.permissions.contains(permission) else { throw AdminFailure.denied(permission) }
      permissions.append(permission)
    }
    let token = try accounts.newToken(
      name: caller.name, permissions: permissions, expires: expires, note: note)
    let shown = JSONValue.object(token.answer.members.filter { $0.name != "token" })
    return try context.make(
      .init(
        action: "token.create", target: "tokens/\(token.id)", before: nil, after: shown,
        changes: [token.change]),
      call, answer: AdminAnswer(201, token.answer, location: "/v1/tokens/\(token.id)"))
  }

  private func removeToken(_ call: AdminCall) throws -> AdminAnswer {
    guard let token = try context.vault.record(AdminAccounts.tokenKind, call.parameter("token"))
    else { throw AdminFailure.notFound }
    let isOwn = token.body["administrator"]?.string == call.caller?.name
    guard isOwn || call.caller?.permissions.contains(.administrators) == true else {
      // Whose tokens there are is not for everybody to know.
      throw AdminFailure.notFound
    }
    return try context.make(
      .init(
        action: "token.revoke", target: "tokens/\(token.id)",
        before: AdminAccounts.shownToken(token.id, token.body), after: nil,
        changes: [.remove(AdminAccounts.tokenKind, token.id)]),
      call, answer: AdminAnswer(204, nil))
  }
}
