import Formats
import HTTP

/// Why a request of a client is refused, in the words of RFC 6749 §5.2 and its successors.
struct OAuthError: Error, Sendable {
  /// The word.
  let code: String
  /// The status of an answer that is no redirect.
  var status = 400
  /// What the client's developer is told; it holds nothing of what was sent.
  let message: String
  /// What the operator is told beside that; nil for nothing.
  var reason: String?
  /// Further fields of the answer.
  var fields: [(name: String, value: String)] = []

  init(_ code: String, _ message: String, status: Int = 400, reason: String? = nil) {
    self.code = code
    self.message = message
    self.status = status
    self.reason = reason
  }

  static func invalidRequest(_ message: String) -> OAuthError {
    OAuthError("invalid_request", message)
  }

  /// Who asks is not who he says; every cause looks alike. By the field that was used, how to do it
  /// right (RFC 6749 §5.2).
  static func invalidClient(_ reason: String, usedBasic: Bool = false) -> OAuthError {
    var error = OAuthError(
      "invalid_client", "the client is not known by this", status: 401, reason: reason)
    if usedBasic {
      error.fields = [(name: "www-authenticate", value: "Basic realm=\"gatehouse\"")]
    }
    return error
  }

  /// The code, token or assertion is not good; every cause looks alike.
  static func invalidGrant(_ reason: String) -> OAuthError {
    OAuthError("invalid_grant", "the grant is not valid, has expired or was used", reason: reason)
  }

  static func unauthorizedClient(_ grant: String) -> OAuthError {
    OAuthError("unauthorized_client", "the client is not registered for '\(grant)'")
  }

  static var invalidScope: OAuthError {
    OAuthError("invalid_scope", "a scope is unknown, or not for this client")
  }

  /// RFC 8707 §2.
  static var invalidTarget: OAuthError {
    OAuthError("invalid_target", "the resource is none that tokens are made for here")
  }

  /// The store does not answer.
  static func unavailable(_ reason: String) -> OAuthError {
    var error = OAuthError(
      "temporarily_unavailable", "no tokens can be made at the moment", status: 503,
      reason: reason)
    error.fields = [(name: "retry-after", value: "5")]
    return error
  }

  static func serverError(_ reason: String) -> OAuthError {
    OAuthError("server_error", "the request failed here", status: 500, reason: reason)
  }

  /// The answer (RFC 6749 §5.2).
  var response: ServiceResponse {
    Replies.json(
      status,
      .object([
        JSONMember("error", .string(code)), JSONMember("error_description", .string(message)),
      ]),
      fields)
  }
}
