import Formats

/// What the gateway has to know again when a browser comes back from the provider.
struct LoginState: Sendable {
  /// How long somebody may take to log in, in milliseconds.
  static let lifetimeMilliseconds: UInt64 = 600_000

  let state: String
  let nonce: String
  /// RFC 7636 §4.1.
  let verifier: String
  /// Where the browser wanted to go: path and query on this host.
  let target: String
  let expiryMilliseconds: UInt64

  /// The members, in the order in which they are written.
  private var members: [String] { [state, nonce, verifier, target, "\(expiryMilliseconds)"] }

  var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for member in members { json.string(member) }
    json.endArray()
    return json.bytes
  }

  init(
    state: String, nonce: String, verifier: String, target: String, expiryMilliseconds: UInt64
  ) {
    self.state = state
    self.nonce = nonce
    self.verifier = verifier
    self.target = target
    self.expiryMilliseconds = expiryMilliseconds
  }

  /// Reads what was written and sealed here.
  init?(_ bytes: [UInt8]) {
    guard let index = try? JSONIndex(bytes) else { return nil }
    let members = index.root.elements.compactMap(\.string)
    guard members.count == 5, let expiry = UInt64(members[4]) else { return nil }
    self.init(
      state: members[0], nonce: members[1], verifier: members[2], target: members[3],
      expiryMilliseconds: expiry)
  }
}
