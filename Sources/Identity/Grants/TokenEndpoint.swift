import Blueprint
import HTTP

/// Where clients get tokens (RFC 6749 §3.2): finds out who asks, and hands over to the grant.
struct TokenEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    guard call.request.method == "POST" else {
      return .answer(Replies.methodNotAllowed("POST"))
    }
    let form = try call.form()
    let type = try form.required("grant_type")
    let client = try ClientAuthentication(context: context, call: call, form: form).client()
    let ask = TokenAsk(context: context, call: call, form: form, client: client)
    switch type {
    case "authorization_code": return try AuthorizationCodeGrant(ask: ask).outcome()
    case "refresh_token": return try RefreshTokenGrant(ask: ask).outcome()
    case "client_credentials": return try ClientCredentialsGrant(ask: ask).outcome()
    case "urn:ietf:params:oauth:grant-type:device_code":
      return try DeviceCodeGrant(ask: ask).outcome()
    case "urn:ietf:params:oauth:grant-type:token-exchange":
      return try TokenExchangeGrant(ask: ask).outcome()
    default:
      throw OAuthError("unsupported_grant_type", "the grant type is not known here")
    }
  }
}
