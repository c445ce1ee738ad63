import Blueprint
import Crypto
import Formats
import HTTP
import JOSE
import Storage

/// Finds out which client sends a request (RFC 6749 §2.3, RFC 7523 §2.2).
struct ClientAuthentication {
  let context: IdentityContext
  let call: IdentityCall
  let form: Parameters

  /// RFC 7523 §2.2.
  private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

  /// What a client shows of itself.
  private enum Shown {
    case basic(id: String, secret: String)
    case post(id: String, secret: String)
    case assertion(String, id: String?)
    /// An identifier alone, which anybody may know.
    case nothing(id: String)

    var authentication: ClientBlueprint.Authentication {
      switch self {
      case .basic: .secretBasic
      case .post: .secretPost
      case .assertion: .privateKey
      case .nothing: .none
      }
    }
  }

  /// The client, by the one way that it is registered for.
  func client() throws -> OAuthClient {
    let shown = try shown()
    let id: String
    switch shown {
    case .basic(let given, _), .post(let given, _), .nothing(let given): id = given
    case .assertion(let text, let given):
      guard let subject = ClientAssertionVerifier.subject(of: text) else {
        throw OAuthError.invalidClient("the assertion cannot be read")
      }
      // Of two identifiers, none is taken for the other (RFC 7521 §4.2).
      guard given == nil || given == subject else {
        throw OAuthError.invalidClient("'client_id' is not the assertion's subject")
      }
      id = subject
    }
    var usedBasic = false
    if case .basic = shown { usedBasic = true }
    guard let client = try context.clients.find(id, call.settings, at: call.now) else {
      throw OAuthError.invalidClient(
        "there is no client \(Quoting.short(id))", usedBasic: usedBasic)
    }
    guard client.blueprint.authentication == shown.authentication else {
      throw OAuthError.invalidClient(
        "the client \(Quoting.short(id)) is registered for "
          + "\(client.blueprint.authentication.rawValue), not \(shown.authentication.rawValue)",
        usedBasic: usedBasic)
    }
    switch shown {
    case .basic(_, let secret), .post(_, let secret):
      guard client.holds(secret, context, at: call.now) else {
        throw OAuthError.invalidClient(
          "wrong secret of the client \(Quoting.short(id))", usedBasic: usedBasic)
      }
    case .assertion(let text, _): try verify(text, of: client)
    case .nothing: break
    }
    return client
  }

  private func shown() throws(OAuthError) -> Shown {
    let hasField = call.request.fields.contains {
      $0.name == "authorization" && $0.value.lowercased().hasPrefix("basic")
    }
    let ways = [hasField, form.has("client_secret"), form.has("client_assertion")]
    // RFC 6749 §2.3: one way in a request.
    guard ways.count(where: { $0 }) <= 1 else {
      throw .invalidRequest("the client authenticates in more than one way")
    }
    if hasField { return try basic() }
    if form.has("client_assertion") || form.has("client_assertion_type") {
      guard form["client_assertion_type"] == ClientAuthentication.assertionType,
        let assertion = form["client_assertion"]
      else { throw .invalidClient("the assertion is of no known type") }
      return .assertion(assertion, id: form["client_id"])
    }
    guard let id = form["client_id"] else {
      throw .invalidClient("the request names no client")
    }
    if let secret = form["client_secret"] { return .post(id: id, secret: secret) }
    return .nothing(id: id)
  }

  /// RFC 6749 §2.3.1: both parts are escaped as forms are.
  private func basic() throws(OAuthError) -> Shown {
    guard let text = call.credential("basic"),
      let bytes = Base64.decode(text.utf8.span, .standard),
      let pair = String(validating: bytes, as: UTF8.self), let colon = pair.firstIndex(of: ":"),
      let id = FormText.decode(pair[..<colon].utf8),
      let secret = FormText.decode(pair[pair.index(after: colon)...].utf8)
    else { throw .invalidClient("the Authorization field cannot be read", usedBasic: true) }
    if let other = form["client_id"], other != id {
      throw .invalidClient("'client_id' is not the one that authenticates", usedBasic: true)
    }
    return .basic(id: id, secret: secret)
  }

  private func verify(_ assertion: String, of client: OAuthClient) throws {
    guard let keys = client.keys else {
      throw OAuthError.invalidClient("the client \(Quoting.short(client.id)) has no usable keys")
    }
    let verifier = ClientAssertionVerifier(
      keys: keys, client: client.id,
      audiences: [
        call.settings.issuer.text, call.settings.issuer.url(.token),
        call.settings.issuer.origin + call.request.path,
      ])
    let used: ClientAssertionVerifier.Used
    do throws(TokenRefusal) {
      used = try verifier.verify(assertion, nowUnixMilliseconds: call.now)
    } catch {
      throw OAuthError.invalidClient("the assertion of \(Quoting.short(client.id)): \(error)")
    }
    // Once, on all nodes together (RFC 7523 §3): the database says who was first.
    let name = String(
      context.hash("assertion \(client.id.utf8.count) \(client.id) \(used.identifier)").hex
        .prefix(48))
    do {
      try context.vault.commit([
        .put(
          StoredKinds.usedAssertion, name, .object([JSONMember]()),
          expires: used.expiryMilliseconds, expecting: .absent)
      ])
    } catch StoreError.conflict {
      throw OAuthError.invalidClient(
        "the assertion of \(Quoting.short(client.id)) was used before")
    }
  }
}
