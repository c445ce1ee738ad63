import Blueprint
import Formats

/// An authorization request that was checked (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2.1).
struct AuthorizationRequest: Sendable {
  /// How the answer reaches the client.
  enum Mode: String, Sendable {
    case query
    case formPost = "form_post"
  }

  var client: String
  /// One that is registered, as the client wrote it.
  var redirectURI: String
  var mode: Mode
  var scopes: [String]
  var resources: [String]
  var state: String?
  var nonce: String?
  /// The SHA-256 of the verifier, in base64url (RFC 7636 §4.2).
  var challenge: String
  var prompts: Set<String>
  /// In seconds.
  var ageMax: Int?
  var loginHint: String?
  /// The user whom `id_token_hint` names.
  var hintedSubject: String?
  var userInfoClaims: [String]
  var idTokenClaims: [String]
  /// The thumbprint of the key that the code is bound to (RFC 9449 §10).
  var thumbprint: String?
  /// The record of the pushed request that this was, which is good once.
  var pushed: String?

  /// As a record holds it.
  var json: JSONValue {
    func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return .object([
      JSONMember("client", .string(client)), JSONMember("redirect-uri", .string(redirectURI)),
      JSONMember("mode", .string(mode.rawValue)), JSONMember("scopes", texts(scopes)),
      JSONMember("resources", texts(resources)), JSONMember("state", text(state)),
      JSONMember("nonce", text(nonce)), JSONMember("challenge", .string(challenge)),
      JSONMember("prompts", texts(prompts.sorted())),
      JSONMember("age-max", ageMax.map { .integer($0) } ?? .null),
      JSONMember("login-hint", text(loginHint)), JSONMember("subject", text(hintedSubject)),
      JSONMember("userinfo-claims", texts(userInfoClaims)),
      JSONMember("id-token-claims", texts(idTokenClaims)),
      JSONMember("thumbprint", text(thumbprint)), JSONMember("pushed", text(pushed)),
    ])
  }
}

extension AuthorizationRequest {
  /// Reads what `json` wrote; nil for anything else.
  init?(_ json: JSONValue) {
    func words(_ name: String) -> [String] { (json[name]?.elements ?? []).compactMap(\.string) }
    guard let client = json["client"]?.string, let uri = json["redirect-uri"]?.string,
      let mode = json["mode"]?.string.flatMap({ Mode(rawValue: $0) }),
      let challenge = json["challenge"]?.string
    else { return nil }
    self.init(
      client: client, redirectURI: uri, mode: mode, scopes: words("scopes"),
      resources: words("resources"), state: json["state"]?.string, nonce: json["nonce"]?.string,
      challenge: challenge, prompts: Set(words("prompts")), ageMax: json["age-max"]?.integer,
      loginHint: json["login-hint"]?.string, hintedSubject: json["subject"]?.string,
      userInfoClaims: words("userinfo-claims"), idTokenClaims: words("id-token-claims"),
      thumbprint: json["thumbprint"]?.string, pushed: json["pushed"]?.string)
  }
}
