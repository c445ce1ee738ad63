import Blueprint
import Formats
import Storage

/// What a user has allowed a client.
enum Consent {
  /// The name of the record.
  private static func name(_ user: String, _ client: String) -> String { "\(user) \(client)" }

  /// Whether nobody has to be asked.
  static func covers(
    _ request: AuthorizationRequest, _ client: OAuthClient, _ user: User,
    _ context: IdentityContext
  ) throws -> Bool {
    if request.prompts.contains("consent") { return client.blueprint.isTrusted }
    if client.blueprint.isTrusted { return true }
    let record = try context.vault.record(
      StoredKinds.consent, name(user.subject, client.id))
    let allowed = (record?.body["scopes"]?.elements ?? []).compactMap(\.string)
    return record != nil && Set(request.scopes).isSubset(of: allowed)
  }

  /// The change that notes what was allowed, beside what was allowed before.
  static func given(
    _ request: AuthorizationRequest, _ user: User, _ context: IdentityContext, at now: Int
  ) throws -> VaultChange {
    let id = name(user.subject, request.client)
    let before = try context.vault.record(StoredKinds.consent, id)
    let old = (before?.body["scopes"]?.elements ?? []).compactMap(\.string)
    let all = Set(old).union(request.scopes).sorted()
    return .put(
      StoredKinds.consent, id,
      .object([
        JSONMember("user", .string(user.subject)), JSONMember("client", .string(request.client)),
        JSONMember("scopes", TokenMaker.texts(all)), JSONMember("at", .integer(now)),
      ]), indexes: [IndexValue("user", user.subject), IndexValue("client", request.client)])
  }
}
