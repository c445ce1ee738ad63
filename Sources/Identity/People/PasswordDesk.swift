import Base
import Crypto
import Formats
import HTTP
import Storage

/// Checks passwords: unknown names take as long as wrong passwords, and whoever guesses waits.
struct PasswordDesk: Sendable {
  /// What came of a try.
  enum Finding: Sendable {
    case right(User)
    case wrong
    /// Seconds until the next try is heard.
    case wait(Int)
  }

  /// Longest name and password that are looked at, in bytes.
  private static let nameBytesMax = 256

  private let context: IdentityContext
  /// What is hashed for names that nobody has.
  private let decoy: PasswordHash

  init(_ context: IdentityContext) throws {
    self.context = context
    decoy = try PasswordHash(of: "nobody's password")
  }

  /// Tries a name and a password; computes one hash, whatever comes.
  func check(name: String, password: String, _ call: IdentityCall) throws -> Finding {
    let address = call.request.client
    let key = String(name.lowercased().prefix(PasswordDesk.nameBytesMax))
    let wait = context.throttle.wait(name: key, address: address, now: call.now)
    if wait > 0 { return .wait(wait) }
    let isPlausible =
      name.utf8.count <= PasswordDesk.nameBytesMax
      && password.utf8.count <= Argon2id.passwordBytesMax
    let user = isPlausible ? try context.users.find(name: name, call.settings) : nil
    let hash = user?.password ?? decoy
    let isRight = hash.matches(isPlausible ? PasswordForm.normal(password) : "")
    guard isRight, let user, user.password != nil, !user.isDisabled else {
      context.throttle.failed(name: key, address: address, now: call.now)
      return .wrong
    }
    context.throttle.succeeded(name: key, address: address)
    if hash.isOutdated() { renew(user, PasswordForm.normal(password)) }
    return .right(user)
  }

  /// Keeps the password under today's cost, now that it is known. Somebody else's change goes
  /// before this one, and while the store is away the old hash serves.
  private func renew(_ user: User, _ password: String) {
    guard let record = user.record, case .object(var body) = record.body,
      let hash = try? PasswordHash(of: password),
      let index = try? UserDirectory.index(user.name, context.vault)
    else { return }
    body["password"] = .string(hash.text)
    let change = VaultChange.put(
      StoredKinds.user, record.id, .object(body),
      indexes: [IndexValue("name", index, isUnique: true)],
      expecting: .revision(record.revision))
    _ = try? context.vault.commit([change])
  }
}
