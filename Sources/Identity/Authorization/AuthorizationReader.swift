import Blueprint
import Formats

/// Checks an authorization request, in two steps: first where its answer may go, then all else.
struct AuthorizationReader {
  let context: IdentityContext
  let settings: IdentitySettings
  let client: OAuthClient
  let parameters: Parameters

  /// Longest `state` and `nonce`, in bytes.
  private static let textBytesMax = 2048
  private static let prompts: Set<String> = ["none", "login", "consent", "select_account"]

  /// The redirect URI, if it is one of the client's, byte by byte (RFC 9700 §2.1); nil otherwise,
  /// and then nothing may be sent there.
  func redirectURI() -> RedirectURI? {
    guard let given = parameters["redirect_uri"], let uri = RedirectURI(given) else { return nil }
    let isRegistered = client.blueprint.redirectURIs.contains { registered in
      registered == given || AuthorizationReader.differsByPort(uri, registered)
    }
    return isRegistered ? uri : nil
  }

  /// RFC 8252 §7.3: a native application listens on whatever port is free, at an address of
  /// loopback; nothing else may differ.
  private static func differsByPort(_ given: RedirectURI, _ registered: String) -> Bool {
    guard let known = RedirectURI(registered), known.scheme == "http", given.scheme == "http",
      known.host == given.host, known.host == "127.0.0.1" || known.host == "[::1]"
    else { return false }
    return given.text.dropFirst(given.origin.utf8.count)
      == known.text.dropFirst(known.origin.utf8.count)
  }

  /// The request; throws what the client is told.
  func read(_ uri: RedirectURI) throws(OAuthError) -> AuthorizationRequest {
    try refuseWhatIsNotTaken()
    try client.check(.authorizationCode)
    let mode = try mode()
    let challenge = try challenge()
    guard let asked = parameters.words("scope") else {
      throw OAuthError("invalid_scope", "'scope' is missing")
    }
    let scopes = try client.scopes(asked, orElse: [])
    let resources = parameters.all("resource")
    _ = try settings.target(scopes: scopes, resources: resources, client: client)
    for name in ["state", "nonce"]
    where parameters[name].map({ $0.utf8.count > AuthorizationReader.textBytesMax }) ?? false {
      throw .invalidRequest("'\(name)' is too long")
    }
    let claims = try claims()
    return AuthorizationRequest(
      client: client.id, redirectURI: uri.text, mode: mode, scopes: scopes,
      resources: resources, state: parameters["state"], nonce: parameters["nonce"],
      challenge: challenge, prompts: try prompts(), ageMax: try ageMax(),
      loginHint: parameters["login_hint"].map { String($0.prefix(256)) },
      hintedSubject: try hint(), userInfoClaims: claims.userInfo, idTokenClaims: claims.idToken,
      thumbprint: try thumbprint(), pushed: nil)
  }

  private func refuseWhatIsNotTaken() throws(OAuthError) {
    if parameters.has("request") {
      throw OAuthError("request_not_supported", "request objects are not taken")
    }
    if parameters.has("request_uri") {
      throw OAuthError("request_uri_not_supported", "only pushed requests have a URI here")
    }
    guard let type = parameters["response_type"] else {
      throw .invalidRequest("'response_type' is missing")
    }
    // RFC 9700 §2.1.2: no token comes by the browser.
    guard type == "code" else {
      throw OAuthError("unsupported_response_type", "'response_type' is 'code'")
    }
  }

  private func mode() throws(OAuthError) -> AuthorizationRequest.Mode {
    guard let word = parameters["response_mode"] else { return .query }
    guard let mode = AuthorizationRequest.Mode(rawValue: word) else {
      throw .invalidRequest("'response_mode' is 'query' or 'form_post'")
    }
    return mode
  }

  /// RFC 7636 §4.3, for every client (RFC 9700 §2.1.1), and never in clear text.
  private func challenge() throws(OAuthError) -> String {
    guard let challenge = parameters["code_challenge"] else {
      throw .invalidRequest("'code_challenge' is missing")
    }
    guard parameters["code_challenge_method"] == "S256" else {
      throw .invalidRequest("'code_challenge_method' is 'S256'")
    }
    guard challenge.utf8.count == 43, Base64.decode(challenge.utf8.span) != nil else {
      throw .invalidRequest("'code_challenge' is no SHA-256 in base64url")
    }
    return challenge
  }

  private func prompts() throws(OAuthError) -> Set<String> {
    let prompts = Set(parameters.words("prompt") ?? [])
    guard prompts.isSubset(of: AuthorizationReader.prompts) else {
      throw .invalidRequest("'prompt' has a word that is not known")
    }
    // OpenID Connect Core 1.0 §3.1.2.1.
    if prompts.contains("none"), prompts.count > 1 {
      throw .invalidRequest("'prompt' is 'none' and something else")
    }
    return prompts
  }

  private func ageMax() throws(OAuthError) -> Int? {
    guard let text = parameters["max_age"] else { return nil }
    guard let age = Int(text), age >= 0, age <= 1 << 31 else {
      throw .invalidRequest("'max_age' is no number of seconds")
    }
    return age
  }

  private func hint() throws(OAuthError) -> String? {
    guard let text = parameters["id_token_hint"] else { return nil }
    guard let hint = IDTokenHint(text, context, settings), hint.client == client.id else {
      throw .invalidRequest("'id_token_hint' is none of this client's ID tokens")
    }
    return hint.subject
  }

  private func thumbprint() throws(OAuthError) -> String? {
    guard let text = parameters["dpop_jkt"] else { return nil }
    guard text.utf8.count == 43, Base64.decode(text.utf8.span) != nil else {
      throw .invalidRequest("'dpop_jkt' is no thumbprint")
    }
    return text
  }

  /// The claims that are asked for by name, as far as there are such (OpenID Connect Core 1.0
  /// §5.5).
  private func claims() throws(OAuthError) -> (userInfo: [String], idToken: [String]) {
    guard let text = parameters["claims"] else { return ([], []) }
    guard let value = try? JSONValue(parsing: text), case .object = value else {
      throw .invalidRequest("'claims' is no JSON object")
    }
    func names(_ place: String) -> [String] {
      (value[place]?.members ?? []).map(\.name).filter(User.claimNames.contains)
    }
    return (names("userinfo"), names("id_token"))
  }
}
