import Blueprint
import Crypto
import Formats
import HTTP
import Storage

/// Where APIs and clients ask what a token is (RFC 7662).
struct IntrospectionEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  private static let inactive = JSONValue.object([JSONMember("active", false)])

  func outcome() throws -> IdentityOutcome {
    guard call.request.method == "POST" else {
      return .answer(Replies.methodNotAllowed("POST"))
    }
    let form = try call.form()
    let client = try ClientAuthentication(context: context, call: call, form: form).client()
    // RFC 7662 §2.1: whoever asks has to show who he is, so that nobody tries tokens here.
    guard client.blueprint.authentication != .none else {
      throw OAuthError.invalidClient("\(Quoting.short(client.id)) asks without credentials")
    }
    let text = try form.required("token")
    let found = try RefreshToken(text).map { try refresh($0, client) } ?? access(text)
    return .answer(Replies.json(200, found ?? IntrospectionEndpoint.inactive))
  }

  private func access(_ text: String) throws -> JSONValue? {
    let verifier = OwnTokenVerifier(context, call.settings, audience: nil)
    guard let claims = try? verifier.verify(text, nowUnixMilliseconds: call.now),
      try !Revocation.holds(claims, context.vault)
    else { return nil }
    var members = [JSONMember("active", true), JSONMember("token_type", "Bearer")]
    if claims["cnf"] != nil { members[1].value = "DPoP" }
    if let subject = claims["sub"]?.string, subject != claims["client_id"]?.string {
      guard let user = try context.users.find(subject: subject, call.settings) else { return nil }
      members.append(JSONMember("username", .string(user.name)))
    }
    return .object(members + claims.members)
  }

  /// A refresh token is nobody's business but its client's.
  private func refresh(_ token: RefreshToken, _ client: OAuthClient) throws -> JSONValue? {
    guard
      let record = try context.vault.record(
        StoredKinds.grant, context.name("grant " + token.handle)),
      let grant = Grant(record.id, record.body), grant.client == client.id,
      grant.secret?.constantTimeEquals(context.hash(token.secret)) == true,
      try context.users.find(subject: grant.subject, call.settings) != nil
    else { return nil }
    return .object([
      JSONMember("active", true), JSONMember("client_id", .string(grant.client)),
      JSONMember("sub", .string(grant.subject)),
      JSONMember("iss", .string(call.settings.issuer.text)),
      JSONMember("scope", .string(grant.scopes.joined(separator: " "))),
      JSONMember("exp", .integer((record.expires ?? grant.until) / 1000)),
    ])
  }
}
