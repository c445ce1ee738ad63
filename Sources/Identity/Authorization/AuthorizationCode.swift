import Formats
import Storage

/// An authorization code: a record, named by the hash of the code, that is good for a minute and
/// once (RFC 6749 §4.1.2, RFC 9700 §4.5).
struct AuthorizationCode: Sendable {
  let id: String
  let request: AuthorizationRequest
  let subject: String
  let authenticatedAt: Int
  let methods: [String]
  /// What ID tokens call the session.
  let session: String

  /// How long it is good, in milliseconds (RFC 6749 §4.1.2 asks for ten minutes at most).
  private static let milliseconds = 60_000

  /// A new code for a request, with the change that writes it.
  static func make(
    _ request: AuthorizationRequest, _ session: BrowserSession, _ context: IdentityContext,
    _ call: IdentityCall
  ) throws(OAuthError) -> (text: String, change: VaultChange) {
    let text = try context.secret()
    let body = JSONValue.object([
      JSONMember("request", request.json), JSONMember("user", .string(session.subject)),
      JSONMember("authenticated", .integer(session.authenticatedAt)),
      JSONMember("methods", TokenMaker.texts(session.methods)),
      JSONMember("session", .string(session.publicID)),
    ])
    return (
      text,
      .put(
        StoredKinds.code, context.name(text), body, expires: call.now + milliseconds,
        expecting: .absent)
    )
  }

  /// The code of a text; nil if there is none that is still good.
  init?(_ text: String, _ context: IdentityContext) throws {
    guard let record = try context.vault.record(StoredKinds.code, context.name(text)),
      let request = record.body["request"].flatMap({ AuthorizationRequest($0) }),
      let subject = record.body["user"]?.string,
      let authenticatedAt = record.body["authenticated"]?.integer,
      let session = record.body["session"]?.string
    else { return nil }
    id = record.id
    self.request = request
    self.subject = subject
    self.authenticatedAt = authenticatedAt
    methods = (record.body["methods"]?.elements ?? []).compactMap(\.string)
    self.session = session
  }

  /// What uses it up: of all who try, on whatever node, one succeeds.
  var removal: VaultChange { .remove(StoredKinds.code, id, expecting: .present) }
}
