import Blueprint
import Formats
import HTTP
import Storage

/// Where clients read who a user is (OpenID Connect Core 1.0 §5.3).
struct UserInfoEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    guard ["GET", "HEAD", "POST"].contains(call.request.method) else {
      return .answer(Replies.methodNotAllowed("GET, POST"))
    }
    guard let token = try token() else {
      // RFC 6750 §3.1: nothing was shown, so nothing is said of an error.
      return .answer(Replies.empty(401, [challenge(nil)]))
    }
    let verifier = OwnTokenVerifier(context, call.settings, audience: call.settings.issuer.text)
    guard let claims = try? verifier.verify(token, nowUnixMilliseconds: call.now),
      isBoundRightly(claims, token), let subject = claims["sub"]?.string,
      let session = claims["sid"]?.string,
      try !Revocation.holds(claims, context.vault),
      let user = try context.users.find(subject: subject, call.settings),
      let record = try context.vault.records(
        StoredKinds.grant, index: "token", value: session, limit: 1
      ).first, let grant = Grant(record.id, record.body)
    else { return .answer(Replies.empty(401, [challenge("invalid_token")])) }
    let scopes = (claims["scope"]?.string ?? "").split(separator: " ").map(String.init)
    guard scopes.contains("openid") else {
      return .answer(Replies.empty(403, [challenge("insufficient_scope")]))
    }
    let names = User.claims(ofScopes: scopes) + grant.userInfoClaims
    return .answer(
      Replies.json(
        200, .object([JSONMember("sub", .string(subject))] + user.claims(named: names))))
  }

  /// Whether a token that is bound to a key comes with a proof, and any other as a bearer's (RFC
  /// 9449 §7.1).
  private func isBoundRightly(_ claims: JSONValue, _ token: String) -> Bool {
    guard let binding = claims["cnf"] else { return call.credential("dpop") == nil }
    guard call.credential("dpop") != nil, let thumbprint = binding["jkt"]?.string else {
      return false
    }
    return Proof.holds(thumbprint, token: token, call)
  }

  /// The token, from the one place where it is (RFC 6750 §2); never from the query.
  private func token() throws(OAuthError) -> String? {
    let inField = call.credential() ?? call.credential("dpop")
    var inForm: String?
    if call.request.method == "POST", !call.request.body.isEmpty {
      inForm = try call.form()["access_token"]
    }
    guard inField == nil || inForm == nil else {
      throw .invalidRequest("the token is there twice")
    }
    return inField ?? inForm
  }

  private func challenge(_ error: String?) -> (name: String, value: String) {
    (
      name: "www-authenticate",
      value: "Bearer realm=\"gatehouse\"" + (error.map { ", error=\"\($0)\"" } ?? "")
    )
  }
}
