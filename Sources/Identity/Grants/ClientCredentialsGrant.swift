import Blueprint

/// Tokens for a client that acts for itself (RFC 6749 §4.4). Nothing is written: such a token is
/// good until it ends, or until it is revoked by itself.
struct ClientCredentialsGrant {
  let ask: TokenAsk

  func outcome() throws -> IdentityOutcome {
    let client = ask.client
    guard client.blueprint.authentication != .none else {
      throw OAuthError.unauthorizedClient("client_credentials")
    }
    try client.check(.clientCredentials)
    // Nobody has signed in, so there is nobody to tell of.
    let own = client.blueprint.scopes.filter { !IdentitySettings.ownScopes.contains($0) }
    let scopes = try client.scopes(ask.form.words("scope"), orElse: own)
    guard scopes.allSatisfy({ !IdentitySettings.ownScopes.contains($0) }) else {
      throw OAuthError.invalidScope
    }
    let target = try ask.call.settings.target(
      scopes: scopes, resources: ask.form.all("resource"), client: client)
    let shown = try ask.proofThumbprint()
    let made = try ask.maker.accessToken(of: client, target, thumbprint: shown)
    return .answer(ask.answer(made, isBound: shown != nil))
  }
}
