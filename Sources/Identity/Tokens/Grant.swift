import Crypto
import Formats
import Storage

/// What follows from one consent: whose tokens they are, and what they permit.
///
/// It is a record, named by the hash of its handle, which stands in refresh tokens alone.
struct Grant: Sendable {
  /// The name of the record.
  var id: String
  var client: String
  /// The user.
  var subject: String
  var scopes: [String]
  /// The resources that the client asked for; empty for those that the scopes say.
  var resources: [String]
  /// When the user signed in, in milliseconds since 1970.
  var authenticatedAt: Int
  /// How: the words of RFC 8176.
  var methods: [String]
  /// The browser's session.
  var session: String?
  /// The keyed hash of the code that it was got by.
  var code: String?
  /// The keyed hash of the secret in the present refresh token; nil if there is none.
  var secret: Digest256?
  /// The thumbprint of the key that tokens are bound to (RFC 9449 §6); nil for none.
  var thumbprint: String?
  /// Claims that were asked for by name (OpenID Connect Core 1.0 §5.5).
  var userInfoClaims: [String]
  var idTokenClaims: [String]
  /// When it ends whatever happens, in milliseconds since 1970.
  var until: Int

  /// Whether it lives on after the browser's session (OpenID Connect Core 1.0 §11).
  var isOffline: Bool { scopes.contains("offline_access") }

  /// The authentication's class: what is told apart is whether there was a second factor.
  var contextClass: String { methods.contains("mfa") ? "mfa" : "pwd" }

  /// What its access tokens say that they belong to.
  var publicID: String { String(id.prefix(24)) }

  var body: JSONValue {
    func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return .object([
      JSONMember("client", .string(client)), JSONMember("user", .string(subject)),
      JSONMember("scopes", texts(scopes)), JSONMember("resources", texts(resources)),
      JSONMember("authenticated", .integer(authenticatedAt)),
      JSONMember("methods", texts(methods)), JSONMember("session", text(session)),
      JSONMember("code", text(code)), JSONMember("secret", text(secret?.hex)),
      JSONMember("thumbprint", text(thumbprint)),
      JSONMember("userinfo-claims", texts(userInfoClaims)),
      JSONMember("id-token-claims", texts(idTokenClaims)), JSONMember("until", .integer(until)),
    ])
  }

  /// The record with another secret, good until `expires`; it is found by the same as before.
  func update(expires: Int, revision: Int) -> VaultChange {
    .update(StoredKinds.grant, id, body, expires: min(expires, until), revision: revision)
  }

  /// The record, good until `expires`.
  func put(expires: Int, expecting: RecordChange.Expectation) -> VaultChange {
    var indexes = [
      IndexValue("client", client), IndexValue("user", subject), IndexValue("token", publicID),
    ]
    if let session { indexes.append(IndexValue("session", session)) }
    if let code { indexes.append(IndexValue("code", code)) }
    return .put(
      StoredKinds.grant, id, body, indexes: indexes, expires: min(expires, until),
      expecting: expecting)
  }
}

extension Grant {
  /// Reads the body of a record; nil for none of ours.
  init?(_ id: String, _ body: JSONValue) {
    guard let client = body["client"]?.string, let subject = body["user"]?.string,
      let authenticatedAt = body["authenticated"]?.integer, let until = body["until"]?.integer
    else { return nil }
    func words(_ name: String) -> [String] { (body[name]?.elements ?? []).compactMap(\.string) }
    self.init(
      id: id, client: client, subject: subject, scopes: words("scopes"),
      resources: words("resources"), authenticatedAt: authenticatedAt, methods: words("methods"),
      session: body["session"]?.string, code: body["code"]?.string,
      secret: body["secret"]?.string.flatMap { Digest256(hex: $0) },
      thumbprint: body["thumbprint"]?.string, userInfoClaims: words("userinfo-claims"),
      idTokenClaims: words("id-token-claims"), until: until)
  }
}
