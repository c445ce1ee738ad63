import Blueprint
import Formats
import HTTP

/// The answer to an authorization request, on its way to the client (RFC 6749 §4.1.2, RFC 9207).
struct AuthorizationResponse {
  let uri: RedirectURI
  let mode: AuthorizationRequest.Mode
  let state: String?
  let issuer: String

  init(_ request: AuthorizationRequest, _ uri: RedirectURI, issuer: String) {
    self.init(uri: uri, mode: request.mode, state: request.state, issuer: issuer)
  }

  init(uri: RedirectURI, mode: AuthorizationRequest.Mode, state: String?, issuer: String) {
    self.uri = uri
    self.mode = mode
    self.state = state
    self.issuer = issuer
  }

  /// The answer with a code.
  func code(
    _ code: String, _ fields: [(name: String, value: String)] = []
  ) -> ServiceResponse { send([("code", code)], fields) }

  /// The answer with an error.
  func error(
    _ error: OAuthError, _ fields: [(name: String, value: String)] = []
  ) -> ServiceResponse {
    send([("error", error.code), ("error_description", error.message)], fields)
  }

  private func send(
    _ pairs: [(String, String)], _ fields: [(name: String, value: String)]
  ) -> ServiceResponse {
    var pairs = pairs
    if let state { pairs.append(("state", state)) }
    // RFC 9207 §2: whose answer this is, so that a client of several cannot mix them up.
    pairs.append(("iss", issuer))
    switch mode {
    case .query:
      let mark = uri.hasQuery ? "&" : "?"
      return Replies.redirect(to: uri.text + mark + FormText.encode(pairs), fields)
    case .formPost: return FormPostPage(target: uri, pairs: pairs, fields: fields).response
    }
  }
}
