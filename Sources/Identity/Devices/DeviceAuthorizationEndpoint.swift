import Blueprint
import Formats
import HTTP
import Storage

/// Where devices ask for their two codes (RFC 8628 §3.1).
struct DeviceAuthorizationEndpoint {
  let context: IdentityContext
  let call: IdentityCall

  func outcome() throws -> IdentityOutcome {
    guard call.request.method == "POST" else {
      return .answer(Replies.methodNotAllowed("POST"))
    }
    let form = try call.form()
    let client = try ClientAuthentication(context: context, call: call, form: form).client()
    try client.check(.deviceCode)
    guard let asked = form.words("scope") else {
      throw OAuthError("invalid_scope", "'scope' is missing")
    }
    let scopes = try client.scopes(asked, orElse: [])
    let resources = form.all("resource")
    _ = try call.settings.target(scopes: scopes, resources: resources, client: client)
    let made = try DeviceRequest.make(
      client.id, scopes: scopes, resources: resources, context, at: call.now)
    let page = call.settings.issuer.url(.device)
    let answer = Replies.json(
      200,
      .object([
        JSONMember("device_code", .string(made.deviceCode)),
        JSONMember("user_code", .string(made.userCode)),
        JSONMember("verification_uri", .string(page)),
        JSONMember("verification_uri_complete", .string(page + "?user_code=" + made.userCode)),
        JSONMember("expires_in", .integer(DeviceRequest.milliseconds / 1000)),
        JSONMember("interval", .integer(DeviceRequest.intervalSeconds)),
      ]))
    return .write([made.change], answering: answer) { OAuthError.unavailable("\($0)").response }
  }
}
