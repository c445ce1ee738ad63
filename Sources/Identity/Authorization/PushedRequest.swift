import Formats
import HTTP
import Storage

/// Authorization requests that clients push, and that browsers then only name (RFC 9126).
struct PushedRequest {
  let context: IdentityContext
  let call: IdentityCall

  /// What URIs of pushed requests begin with.
  static let prefix = "urn:ietf:params:oauth:request_uri:"
  /// How long a browser may come with one, in milliseconds.
  private static let milliseconds = 90_000

  func outcome() throws -> IdentityOutcome {
    guard call.request.method == "POST" else {
      return .answer(Replies.methodNotAllowed("POST"))
    }
    let form = try call.form()
    // RFC 9126 §2.1: no request of a request.
    if form.has("request_uri") {
      throw OAuthError.invalidRequest("'request_uri' is not taken here")
    }
    let client = try ClientAuthentication(context: context, call: call, form: form).client()
    let reader = AuthorizationReader(
      context: context, settings: call.settings, client: client, parameters: form)
    guard let uri = reader.redirectURI() else {
      throw OAuthError.invalidRequest("'redirect_uri' is none of the client's")
    }
    var request = try reader.read(uri)
    // RFC 9449 §10.1: a proof here says which key the code is bound to.
    if let shown = try Proof.thumbprint(call) {
      guard request.thumbprint == nil || request.thumbprint == shown else {
        throw OAuthError("invalid_dpop_proof", "'dpop_jkt' is another key's than the proof's")
      }
      request.thumbprint = shown
    }
    let secret = try context.secret()
    let name = context.name("pushed " + secret)
    request.pushed = name
    let answer = Replies.json(
      201,
      .object([
        JSONMember("request_uri", .string(PushedRequest.prefix + secret)),
        JSONMember("expires_in", .integer(PushedRequest.milliseconds / 1000)),
      ]))
    return .write(
      [
        .put(
          StoredKinds.pushedRequest, name,
          .object([
            JSONMember("request", request.json),
            JSONMember("until", .integer(call.now + PushedRequest.milliseconds)),
          ]),
          // It is used up by the answer, which may take the user as long as a sign-in.
          expires: call.now + PushedRequest.milliseconds + SignIn.milliseconds,
          expecting: .absent)
      ], answering: answer
    ) { OAuthError.unavailable("\($0)").response }
  }

  /// The request that a URI names; nil if there is none that is still good.
  static func find(_ uri: String, _ context: IdentityContext) throws -> AuthorizationRequest? {
    let name = context.name("pushed " + String(uri.dropFirst(prefix.utf8.count)))
    guard uri.utf8.count == prefix.utf8.count + 43,
      let record = try context.vault.record(StoredKinds.pushedRequest, name),
      let until = record.body["until"]?.integer, until > context.now
    else { return nil }
    return record.body["request"].flatMap { AuthorizationRequest($0) }
  }
}
