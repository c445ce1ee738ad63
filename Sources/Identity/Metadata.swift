import Blueprint
import Formats
import JOSE

/// What the identity provider says of itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).
enum Metadata {
  /// Ways in which clients may show who they are.
  private static let authentications: JSONValue = [
    "client_secret_basic", "client_secret_post", "private_key_jwt", "none",
  ]

  static func document(_ settings: IdentitySettings) -> JSONValue {
    let issuer = settings.issuer
    func url(_ endpoint: IdentityEndpoint) -> JSONValue { .string(issuer.url(endpoint)) }
    let algorithms = TokenMaker.texts(OAuthClient.algorithms.map(\.rawValue))
    return .object([
      JSONMember("issuer", .string(issuer.text)),
      JSONMember("authorization_endpoint", url(.authorize)),
      JSONMember("token_endpoint", url(.token)),
      JSONMember("jwks_uri", url(.keys)),
      JSONMember("userinfo_endpoint", url(.userInfo)),
      JSONMember("revocation_endpoint", url(.revoke)),
      JSONMember("introspection_endpoint", url(.introspect)),
      JSONMember("end_session_endpoint", url(.endSession)),
      JSONMember("pushed_authorization_request_endpoint", url(.pushedRequest)),
      JSONMember("require_pushed_authorization_requests", false),
      JSONMember("scopes_supported", TokenMaker.texts(settings.scopes)),
      JSONMember("response_types_supported", ["code"]),
      JSONMember("response_modes_supported", ["query", "form_post"]),
      JSONMember("device_authorization_endpoint", url(.deviceAuthorization)),
      JSONMember(
        "grant_types_supported",
        [
          "authorization_code", "refresh_token", "client_credentials",
          "urn:ietf:params:oauth:grant-type:device_code",
          "urn:ietf:params:oauth:grant-type:token-exchange",
        ]),
      JSONMember("dpop_signing_alg_values_supported", algorithms),
      JSONMember("subject_types_supported", ["public"]),
      JSONMember("id_token_signing_alg_values_supported", ["RS256", "ES256"]),
      JSONMember("token_endpoint_auth_methods_supported", authentications),
      JSONMember("token_endpoint_auth_signing_alg_values_supported", algorithms),
      JSONMember("revocation_endpoint_auth_methods_supported", authentications),
      JSONMember("revocation_endpoint_auth_signing_alg_values_supported", algorithms),
      JSONMember(
        "introspection_endpoint_auth_methods_supported",
        ["client_secret_basic", "client_secret_post", "private_key_jwt"]),
      JSONMember("introspection_endpoint_auth_signing_alg_values_supported", algorithms),
      JSONMember("code_challenge_methods_supported", ["S256"]),
      JSONMember("authorization_response_iss_parameter_supported", true),
      JSONMember("claims_supported", TokenMaker.texts(claims)),
      JSONMember("claims_parameter_supported", true),
      JSONMember("request_parameter_supported", false),
      JSONMember("request_uri_parameter_supported", false),
      JSONMember("prompt_values_supported", ["none", "login", "consent", "select_account"]),
      JSONMember("acr_values_supported", ["pwd", "mfa"]),
    ])
  }

  private static let claims =
    ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "sid"]
    + User.claimNames
}
