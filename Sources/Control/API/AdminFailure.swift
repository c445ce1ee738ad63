public import Formats
import HTTP
import Storage

/// Why the admin API refuses a request; it becomes a problem document (RFC 9457).
public struct AdminFailure: Error, Sendable {
  /// The status code.
  public let status: Int
  /// The end of the problem's type.
  public let code: String
  /// One sentence that is the same for every cause.
  public let title: String
  /// What exactly is wrong; nil if the caller is not told.
  public var detail: String?
  /// Further members of the document.
  public var members: [JSONMember] = []
  /// Further fields of the answer.
  public var fields: [(name: String, value: String)] = []

  init(_ status: Int, _ code: String, _ title: String, _ detail: String? = nil) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
  }

  // MARK: The catalogue

  static func malformed(_ detail: String) -> AdminFailure {
    AdminFailure(400, "malformed-request", "The request is not what the API expects.", detail)
  }

  static var notFound: AdminFailure {
    AdminFailure(404, "not-found", "There is nothing at this address.")
  }

  static func conflict(_ detail: String) -> AdminFailure {
    AdminFailure(409, "conflict", "The request does not fit what there is.", detail)
  }

  static func ownedByFile(_ what: String) -> AdminFailure {
    AdminFailure(
      409, "owned-by-file", "The configuration file owns this.",
      "\(what) stands in the configuration file: change it there")
  }

  static var preconditionRequired: AdminFailure {
    AdminFailure(
      428, "precondition-required", "The request must say what it changes.",
      "send If-Match with the ETag that was read, so that no change of another is lost")
  }

  static var preconditionFailed: AdminFailure {
    AdminFailure(
      412, "precondition-failed", "It was changed meanwhile.",
      "the ETag is not that of the present state: read it again")
  }

  static var credentialsRequired: AdminFailure {
    var failure = AdminFailure(401, "credentials-required", "Credentials are required.")
    failure.fields = [(name: "www-authenticate", value: "Bearer realm=\"gatehouse-admin\"")]
    return failure
  }

  static var credentialsInvalid: AdminFailure {
    var failure = AdminFailure(401, "credentials-invalid", "The credentials are not valid.")
    failure.fields = [
      (
        name: "www-authenticate",
        value: "Bearer realm=\"gatehouse-admin\", error=\"invalid_token\""
      )
    ]
    return failure
  }

  static func denied(_ permission: AdminPermission) -> AdminFailure {
    AdminFailure(
      403, "access-denied", "The caller may not do this.",
      "it needs the permission '\(permission.rawValue)'")
  }

  static var codeRequired: AdminFailure {
    AdminFailure(
      401, "second-factor-required", "A second factor is required.",
      "send 'code' beside name and password: a one-time password, or a recovery code")
  }

  static var secondFactorMissing: AdminFailure {
    AdminFailure(
      403, "second-factor-missing", "Administrators need a second factor here.",
      "add one by POST /v1/self/second-factor first")
  }

  static var stepUpRequired: AdminFailure {
    AdminFailure(
      403, "step-up-required", "The second factor must be shown again for this.",
      "log in anew: what could do great harm takes a second factor of the last 15 minutes")
  }

  static func throttled(seconds: Int) -> AdminFailure {
    var failure = AdminFailure(429, "rate-limited", "Too many requests.")
    failure.fields = [(name: "retry-after", value: "\(seconds)")]
    return failure
  }

  static var overloaded: AdminFailure {
    AdminFailure(503, "overloaded", "The gateway cannot take more requests at the moment.")
  }

  /// The failure that an error of the store is to a caller.
  init(_ error: StoreError) {
    switch error {
    case .conflict(let kind, let id):
      self.init(
        409, "conflict", "The request does not fit what there is.",
        "the \(kind) '\(id)' was changed, made or removed at the same time")
    case .unavailable:
      self.init(503, "store-unavailable", "The store is not available.")
      fields = [(name: "retry-after", value: "5")]
    case .damaged, .unusable:
      self.init(500, "internal-error", "The gateway failed to answer the request.")
    }
  }

  /// The answer.
  var response: ServiceResponse {
    var document = [
      JSONMember("type", .string("urn:gatehouse:problem:\(code)")),
      JSONMember("title", .string(title)), JSONMember("status", .integer(status)),
    ]
    if let detail { document.append(JSONMember("detail", .string(detail))) }
    return AdminAnswer.response(
      status, "application/problem+json", .object(document + members), fields)
  }
}
