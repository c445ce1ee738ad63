import Blueprint
import Formats
import Storage

/// A token for one that somebody else got, for a client that acts for its user (RFC 8693).
///
/// The client must be one that the token is for, or whose token it is; what it gets says who acts,
/// ends no later, permits what the client may ask for, and is revoked with the other.
struct TokenExchangeGrant {
  let ask: TokenAsk

  private static let accessToken = "urn:ietf:params:oauth:token-type:access_token"

  func outcome() throws -> IdentityOutcome {
    let client = ask.client
    try client.check(.tokenExchange)
    let form = ask.form
    guard form["subject_token_type"] == TokenExchangeGrant.accessToken,
      form["requested_token_type"] ?? TokenExchangeGrant.accessToken
        == TokenExchangeGrant.accessToken
    else { throw OAuthError.invalidRequest("tokens are access tokens, of one type for another") }
    if form.has("actor_token") {
      throw OAuthError.invalidRequest("the actor is the client, which shows who it is")
    }
    let verifier = OwnTokenVerifier(ask.context, ask.call.settings, audience: nil)
    let text = try form.required("subject_token")
    guard let claims = try? verifier.verify(text, nowUnixMilliseconds: ask.call.now),
      claims["cnf"] == nil, try !Revocation.holds(claims, ask.context.vault),
      let subject = claims["sub"]?.string
    else { throw OAuthError.invalidRequest("the subject token is not valid here") }
    // A token of a client's own has no user, and nobody acts for it.
    _ = try ask.user(subject)
    guard isMeant(claims) else {
      throw OAuthError.invalidTarget
    }
    let own = client.blueprint.scopes.filter { !IdentitySettings.ownScopes.contains($0) }
    let scopes = try client.scopes(form.words("scope"), orElse: own)
    guard scopes.allSatisfy({ !IdentitySettings.ownScopes.contains($0) }) else {
      throw OAuthError.invalidScope
    }
    let target = try ask.call.settings.target(
      scopes: scopes, resources: form.all("resource") + form.all("audience"), client: client)
    let shown = try ask.proofThumbprint()
    let made = try ask.maker.accessToken(
      exchanging: claims, for: client, target, thumbprint: shown)
    return .answer(
      ask.answer(
        made, isBound: shown != nil,
        more: [JSONMember("issued_token_type", .string(TokenExchangeGrant.accessToken))]))
  }

  /// Whether the client got the token itself, or is the API that it is for: one whose name is the
  /// audience.
  private func isMeant(_ claims: JSONValue) -> Bool {
    if claims["client_id"]?.string == ask.client.id { return true }
    let audiences =
      claims["aud"]?.string.map { [$0] } ?? (claims["aud"]?.elements ?? []).compactMap(\.string)
    return audiences.contains(ask.client.id) || !ask.client.audiences.isDisjoint(with: audiences)
  }
}
