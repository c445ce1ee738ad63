import Blueprint
import Storage

/// Tokens for a device whose user has allowed it (RFC 8628 §3.4).
struct DeviceCodeGrant {
  let ask: TokenAsk

  func outcome() throws -> IdentityOutcome {
    try ask.client.check(.deviceCode)
    let code = try ask.form.required("device_code")
    guard let device = try DeviceRequest.find(deviceCode: code, ask.context) else {
      throw OAuthError("expired_token", "the device code is unknown, was used or has expired")
    }
    guard device.client == ask.client.id else {
      throw OAuthError.invalidGrant(
        "a device code of \(Quoting.short(device.client)) comes from "
          + Quoting.short(ask.client.id))
    }
    if ask.context.polls.isTooSoon(device.id, at: ask.call.now) {
      throw OAuthError("slow_down", "the device asks too often")
    }
    switch device.state {
    case .pending: throw OAuthError("authorization_pending", "the user has not answered yet")
    case .denied: throw OAuthError("access_denied", "the user did not allow it")
    case .allowed:
      return try TokenIssue(
        ask: ask, subject: device.subject ?? "", scopes: device.scopes,
        resources: device.resources, authenticatedAt: device.authenticatedAt,
        methods: device.methods, session: nil, consumed: device.removal, source: device.id
      ).outcome {
        .answer(OAuthError.invalidGrant("").response)
      }
    }
  }
}
