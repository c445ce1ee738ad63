import Crypto
import Formats
import Storage

/// What is asked for beside the password: one-time passwords by time, and codes for the day when
/// the telephone is lost. Each is good once, on all nodes together.
struct SecondFactor {
  let context: IdentityContext
  let user: User

  /// Bytes of a secret (RFC 4226 §4 asks for 20).
  private static let secretBytes = 20
  /// How many recovery codes there are, and how long they are in bytes.
  private static let codeCount = 10
  private static let codeBytes = 10

  /// What came of a try: how the user showed himself, and the change that uses it up.
  struct Shown {
    let method: String
    let change: VaultChange
  }

  /// The secret as it is typed into an application.
  static func newSecret() throws(OAuthError) -> [UInt8] {
    guard let bytes = try? SecureRandom.bytes(secretBytes) else {
      throw .serverError("no random bytes")
    }
    return bytes
  }

  /// The link that applications open (Key URI Format of Google Authenticator, which all follow).
  static func link(_ secret: [UInt8], _ user: User, issuer: String) -> String {
    let host = issuer.split(separator: "/").dropFirst().first.map(String.init) ?? issuer
    return "otpauth://totp/" + FormText.encode(host) + ":" + FormText.encode(user.name)
      + "?secret=" + Base32.encode(secret) + "&issuer=" + FormText.encode(host)
  }

  /// Whether a text is a password or code that is good now; nil if not.
  func check(_ text: String, at now: Int) -> Shown? {
    let plain = text.filter { !$0.isWhitespace && $0 != "-" }.lowercased()
    guard let secret = user.oneTimeSecret, let record = user.record,
      case .object(var body) = record.body, plain.utf8.count <= 64
    else { return nil }
    let index = [
      IndexValue("name", (try? UserDirectory.index(user.name, context.vault)) ?? "", isUnique: true)
    ]
    func change(_ body: JSONObject) -> VaultChange {
      // The revision makes it once: of two that show the same at one time, one fails.
      .put(
        StoredKinds.user, record.id, .object(body), indexes: index,
        expecting: .revision(record.revision))
    }
    if let step = OneTimePassword(secret: secret).step(of: plain, atUnixSeconds: now / 1000) {
      // RFC 6238 §5.2: not this one again, nor one before it.
      guard Int(step) > body["one-time-used"]?.integer ?? 0 else { return nil }
      body["one-time-used"] = .integer(Int(step))
      return Shown(method: "otp", change: change(body))
    }
    let hash = context.hash("recovery \(user.subject) \(plain)").hex
    let codes = (body["recovery-codes"]?.elements ?? []).compactMap(\.string)
    guard codes.contains(hash) else { return nil }
    body["recovery-codes"] = TokenMaker.texts(codes.filter { $0 != hash })
    return Shown(method: "otp", change: change(body))
  }

  /// New recovery codes, with their hashes.
  func newCodes() throws(OAuthError) -> (codes: [String], hashes: JSONValue) {
    var codes: [String] = []
    for _ in 0..<SecondFactor.codeCount {
      guard let bytes = try? SecureRandom.bytes(SecondFactor.codeBytes) else {
        throw .serverError("no random bytes")
      }
      codes.append(Base32.encode(bytes).lowercased())
    }
    let hashes = codes.map { context.hash("recovery \(user.subject) \($0)").hex }
    return (codes, TokenMaker.texts(hashes))
  }
}

extension SecondFactor {
  /// A text in groups of four, as people read it aloud.
  static func groups(_ text: String) -> String {
    var grouped = ""
    for (place, letter) in text.enumerated() {
      if place > 0, place % 4 == 0 { grouped.append(" ") }
      grouped.append(letter)
    }
    return grouped
  }
}
