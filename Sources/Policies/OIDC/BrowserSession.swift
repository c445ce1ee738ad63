import Formats
import JOSE

/// A browser that has logged in: what its cookie holds, sealed.
struct BrowserSession: Sendable {
  /// New at each login, so that no session outlives it (JWT-18).
  let identifier: String
  /// The provider's own name of the session, which it uses to end it; empty for none.
  let providerSession: String
  let subject: String
  /// When somebody logged in, when that has to be done again, and when tokens are to be renewed.
  let startMilliseconds: UInt64
  let endMilliseconds: UInt64
  let renewalMilliseconds: UInt64
  /// Empty for none.
  let refreshToken: String
  /// The claims of the ID token that tell who it is, as JSON.
  let claims: [UInt8]

  var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for text in [identifier, providerSession, subject, refreshToken] { json.string(text) }
    for time in [startMilliseconds, endMilliseconds, renewalMilliseconds] {
      json.string("\(time)")
    }
    json.string(String(decoding: claims, as: UTF8.self))
    json.endArray()
    return json.bytes
  }

  init(
    identifier: String, providerSession: String, subject: String, startMilliseconds: UInt64,
    endMilliseconds: UInt64, renewalMilliseconds: UInt64, refreshToken: String, claims: [UInt8]
  ) {
    self.identifier = identifier
    self.providerSession = providerSession
    self.subject = subject
    self.startMilliseconds = startMilliseconds
    self.endMilliseconds = endMilliseconds
    self.renewalMilliseconds = renewalMilliseconds
    self.refreshToken = refreshToken
    self.claims = claims
  }

  /// Reads what was written and sealed here.
  init?(_ bytes: [UInt8]) {
    guard let index = try? JSONIndex(bytes) else { return nil }
    let parts = index.root.elements.compactMap(\.string)
    guard parts.count == 8, let start = UInt64(parts[4]), let end = UInt64(parts[5]),
      let renewal = UInt64(parts[6])
    else { return nil }
    self.init(
      identifier: parts[0], providerSession: parts[1], subject: parts[2],
      startMilliseconds: start, endMilliseconds: end, renewalMilliseconds: renewal,
      refreshToken: parts[3], claims: Array(parts[7].utf8))
  }
}
