import Base
import Blueprint
import Formats
import HTTP

/// A request to the identity provider, read as far as all its endpoints need.
struct IdentityCall: Sendable {
  let request: ServiceRequest
  let endpoint: IdentityEndpoint
  /// What holds while this request is answered.
  let settings: IdentitySettings
  /// In milliseconds since 1970.
  let now: Int

  /// The parameters of the query.
  func query() throws(OAuthError) -> Parameters { try read(request.query) }

  /// The parameters of the content, which must be a form (RFC 6749 appendix B).
  func form() throws(OAuthError) -> Parameters {
    let type = field("content-type").map { $0.lowercased().prefix { $0 != ";" && $0 != " " } }
    guard type == "application/x-www-form-urlencoded" else {
      throw .invalidRequest("the content is no form")
    }
    guard let text = String(validating: request.body, as: UTF8.self) else {
      throw .invalidRequest("the content is no text")
    }
    return try read(text)
  }

  private func read(_ text: String) throws(OAuthError) -> Parameters {
    guard let parameters = Parameters(text) else {
      throw .invalidRequest("the parameters cannot be read")
    }
    // RFC 6749 §3.1, §3.2: none may be there twice.
    if parameters.repeated != nil { throw .invalidRequest("a parameter is there twice") }
    return parameters
  }

  /// The value of a field that is there once.
  func field(_ name: String) -> String? {
    let found = request.fields.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }

  /// The value of a cookie; of two with one name, none is taken for the other.
  func cookie(_ name: String) -> String? {
    var found: String?
    for field in request.fields where field.name == "cookie" {
      for part in field.value.split(separator: ";") {
        let pair = part.drop { $0 == " " }
        guard pair.hasPrefix(name + "=") else { continue }
        if found != nil { return nil }
        found = String(pair.dropFirst(name.utf8.count + 1))
      }
    }
    return found
  }

  /// Whether a browser says that this comes from a page of somebody else's; clients that are no
  /// browsers say nothing.
  var isFromElsewhere: Bool {
    if let site = field("sec-fetch-site"), site != "same-origin", site != "none" { return true }
    guard let origin = field("origin") else { return false }
    return origin != settings.issuer.origin
  }

  /// The token of `Authorization: Bearer` (RFC 6750 §2.1), or of the scheme named.
  func credential(_ scheme: String = "bearer") -> String? {
    let given = request.fields.filter { $0.name == "authorization" }
    guard given.count == 1 else { return nil }
    let words = given[0].value.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == scheme else { return nil }
    return String(words[1])
  }
}
