import Crypto
import Formats

/// What an administrator shows beside the password: one-time passwords by time (RFC 6238), and
/// recovery codes for the day when the telephone is lost. Each is good once.
struct AdminSecondFactor {
  private static let secret = "one-time-secret"
  private static let pending = "one-time-pending"
  private static let used = "one-time-used"
  private static let codes = "recovery-codes"

  /// Bytes of a secret (RFC 4226 §4 asks for 20).
  private static let secretBytes = 20
  private static let codeCount = 10
  private static let codeBytes = 10
  /// The longest text that is looked at.
  private static let textBytesMax = 64

  let name: String
  /// The administrator's record, with what was done here.
  private(set) var body: JSONObject
  private let context: AdminContext

  /// The factor of the administrator with this record.
  init(name: String, body: JSONValue, context: AdminContext) {
    self.name = name
    if case .object(let object) = body { self.body = object } else { self.body = JSONObject() }
    self.context = context
  }

  /// Whether the administrator of a record has a second factor.
  static func isActive(_ body: JSONValue) -> Bool { body[secret]?.string != nil }

  var isActive: Bool { body[AdminSecondFactor.secret]?.string != nil }

  /// A new secret, which counts once a password of it was shown; with the link that applications
  /// open (the Key URI Format, which all of them follow).
  mutating func begin() throws(AdminFailure) -> (secret: String, link: String) {
    let bytes = try AdminSecondFactor.random(AdminSecondFactor.secretBytes)
    body[AdminSecondFactor.pending] = .string(Base64.encode(bytes.span))
    let secret = Base32.encode(bytes)
    let label = FormText.encode(name)
    return (secret, "otpauth://totp/Gatehouse:\(label)?secret=\(secret)&issuer=Gatehouse")
  }

  /// Takes the new secret on if `code` is a password of it; gives the recovery codes, nil if not.
  mutating func confirm(_ code: String) throws(AdminFailure) -> [String]? {
    guard let pending = body[AdminSecondFactor.pending]?.string,
      let step = step(of: AdminSecondFactor.plain(code), of: pending)
    else { return nil }
    var codes: [String] = []
    for _ in 0..<AdminSecondFactor.codeCount {
      codes.append(
        Base32.encode(try AdminSecondFactor.random(AdminSecondFactor.codeBytes)).lowercased())
    }
    body[AdminSecondFactor.secret] = .string(pending)
    body[AdminSecondFactor.pending] = nil
    body[AdminSecondFactor.used] = .integer(step)
    body[AdminSecondFactor.codes] = .array(codes.map { .string(hash($0)) })
    return codes
  }

  /// Uses a password or a recovery code up; false if it is none that is good.
  mutating func use(_ text: String) -> Bool {
    guard let secret = body[AdminSecondFactor.secret]?.string,
      text.utf8.count <= AdminSecondFactor.textBytesMax
    else { return false }
    let plain = AdminSecondFactor.plain(text)
    if let step = step(of: plain, of: secret) {
      // RFC 6238 §5.2: not this one again, nor one before it.
      guard step > body[AdminSecondFactor.used]?.integer ?? 0 else { return false }
      body[AdminSecondFactor.used] = .integer(step)
      return true
    }
    let given = hash(plain)
    let codes = (body[AdminSecondFactor.codes]?.elements ?? []).compactMap(\.string)
    guard codes.contains(given) else { return false }
    body[AdminSecondFactor.codes] = .array(codes.filter { $0 != given }.map { .string($0) })
    return true
  }

  /// Takes the factor away.
  mutating func remove() {
    for member in [
      AdminSecondFactor.secret, AdminSecondFactor.pending, AdminSecondFactor.used,
      AdminSecondFactor.codes,
    ] {
      body[member] = nil
    }
  }

  private func step(of code: String, of secret: String) -> Int? {
    guard let bytes = Base64.decode(secret.utf8.span) else { return nil }
    return OneTimePassword(secret: bytes)
      .step(of: code, atUnixSeconds: context.now / 1000).map { Int($0) }
  }

  private func hash(_ code: String) -> String {
    AdminSecret.digest(of: "recovery \(name) \(code)", context.pepper).hex
  }

  /// People read codes aloud, in groups.
  private static func plain(_ text: String) -> String {
    text.filter { !$0.isWhitespace && $0 != "-" }.lowercased()
  }

  private static func random(_ count: Int) throws(AdminFailure) -> [UInt8] {
    guard let bytes = try? SecureRandom.bytes(count) else {
      throw AdminFailure(500, "internal-error", "The gateway failed to answer the request.")
    }
    return bytes
  }
}
