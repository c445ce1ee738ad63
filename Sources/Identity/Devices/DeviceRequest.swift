import Crypto
import Formats
import Storage

/// A device that waits for its user to sign in elsewhere (RFC 8628).
struct DeviceRequest: Sendable {
  /// How far it has come.
  enum State: String { case pending, allowed, denied }

  let id: String
  let client: String
  let scopes: [String]
  let resources: [String]
  /// As people type it.
  let userCode: String
  let state: State
  /// Who allowed it, and how he had signed in.
  let subject: String?
  let authenticatedAt: Int
  let methods: [String]
  let expires: Int
  let revision: Int
  private let body: JSONObject

  /// How long a device waits, in milliseconds.
  static let milliseconds = 10 * 60_000
  /// How often it may ask, in seconds.
  static let intervalSeconds = 5
  /// No vowels, so that codes are no words, and nothing that looks alike (RFC 8628 §6.1): 34 bits.
  private static let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
  private static let letterCount = 8

  /// What records are found by.
  private static func index(_ code: String, _ context: IdentityContext) -> String {
    context.name("user code " + code)
  }

  /// A new request, with its two codes and the change that writes it.
  static func make(
    _ client: String, scopes: [String], resources: [String], _ context: IdentityContext,
    at now: Int
  ) throws(OAuthError) -> (deviceCode: String, userCode: String, change: VaultChange) {
    let secret = try context.secret()
    let code = try userCode()
    let change = VaultChange.put(
      StoredKinds.deviceCode, context.name("device " + secret),
      .object([
        JSONMember("client", .string(client)), JSONMember("scopes", TokenMaker.texts(scopes)),
        JSONMember("resources", TokenMaker.texts(resources)),
        JSONMember("user-code", .string(code)), JSONMember("state", "pending"),
      ]), indexes: [IndexValue("user-code", index(code, context), isUnique: true)],
      expires: now + milliseconds, expecting: .absent)
    return (secret, shown(code), change)
  }

  private static func userCode() throws(OAuthError) -> String {
    var code = ""
    while code.count < letterCount {
      guard let bytes = try? SecureRandom.bytes(16) else { throw .serverError("no random bytes") }
      // Bytes beyond a multiple of the letters would favour the first of them.
      for byte in bytes where byte < 240 && code.count < letterCount {
        code.append(letters[Int(byte) % letters.count])
      }
    }
    return code
  }

  /// A code with a hyphen in its middle.
  static func shown(_ code: String) -> String {
    String(code.prefix(letterCount / 2)) + "-" + String(code.dropFirst(letterCount / 2))
  }

  /// A code as it was meant, whatever its letters' case and the marks between them.
  static func plain(_ typed: String) -> String {
    String(typed.prefix(64).uppercased().filter { letters.contains($0) })
  }

  /// The request of a device; nil if there is none.
  static func find(deviceCode: String, _ context: IdentityContext) throws -> DeviceRequest? {
    guard
      let record = try context.vault.record(
        StoredKinds.deviceCode, context.name("device " + deviceCode))
    else { return nil }
    return DeviceRequest(record)
  }

  /// The request that shows a user code; nil if there is none that waits.
  static func find(userCode: String, _ context: IdentityContext) throws -> DeviceRequest? {
    let records = try context.vault.records(
      StoredKinds.deviceCode, index: "user-code", value: index(plain(userCode), context), limit: 1)
    guard let record = records.first, let found = DeviceRequest(record), found.state == .pending
    else { return nil }
    return found
  }

  private init?(_ record: VaultRecord) {
    guard case .object(let body) = record.body, let client = body["client"]?.string,
      let code = body["user-code"]?.string,
      let state = body["state"]?.string.flatMap({ State(rawValue: $0) }),
      let expires = record.expires
    else { return nil }
    func words(_ name: String) -> [String] { (body[name]?.elements ?? []).compactMap(\.string) }
    self.body = body
    self.client = client
    self.state = state
    self.expires = expires
    id = record.id
    revision = record.revision
    scopes = words("scopes")
    resources = words("resources")
    userCode = code
    subject = body["user"]?.string
    authenticatedAt = body["authenticated"]?.integer ?? 0
    methods = words("methods")
  }

  /// The change that notes the user's answer; a second answer fails.
  func answered(
    _ state: State, _ session: BrowserSession, _ context: IdentityContext
  ) -> VaultChange {
    var next = body
    next["state"] = .string(state.rawValue)
    next["user"] = .string(session.subject)
    next["authenticated"] = .integer(session.authenticatedAt)
    next["methods"] = TokenMaker.texts(session.methods)
    return .put(
      StoredKinds.deviceCode, id, .object(next),
      indexes: [
        IndexValue("user-code", DeviceRequest.index(userCode, context), isUnique: true)
      ], expires: expires, expecting: .revision(revision))
  }

  /// What uses it up.
  var removal: VaultChange { .remove(StoredKinds.deviceCode, id, expecting: .present) }
}
