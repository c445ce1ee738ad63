import Base
import Crypto
import HTTP

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
    return .right(user)
  }
}
