import Base
public import Blueprint
import Crypto
import Formats
import HTTP
public import Storage
import Synchronization

/// What the flows of the identity provider share.
public final class IdentityContext: Sendable {
  /// The store.
  let vault: Vault
  /// The keys that tokens are signed with.
  public let keys: SigningKeys
  let pepper: KeyedHasher
  let throttle = LoginThrottle()
  let clients: ClientDirectory
  let users: UserDirectory
  let polls = PollTimes()
  private let held: Mutex<IdentitySettings>

  /// A context over an open store, whose keys are read or made. While a shared database cannot be
  /// reached, they come from `copy`: tokens that are out go on being checked.
  public init(_ blueprint: IdentityBlueprint, vault: Vault, copy: Vault? = nil) throws {
    self.vault = vault
    pepper = try vault.pepperHasher()
    held = Mutex(IdentitySettings(blueprint))
    keys = SigningKeys(vault)
    clients = ClientDirectory(vault)
    users = UserDirectory(vault)
    do {
      try keys.refresh(blueprint.rotation)
    } catch StoreError.unavailable(let reason) {
      guard let copy else { throw StoreError.unavailable(reason) }
      try keys.takeOver(copy)
    }
  }

  /// What the configuration says now.
  public var settings: IdentitySettings { held.withLock { $0 } }

  /// Takes over a configuration that was read anew.
  public func adopt(_ blueprint: IdentityBlueprint) {
    let settings = IdentitySettings(blueprint)
    held.withLock { $0 = settings }
  }

  /// The time, in milliseconds since 1970.
  var now: Int { vault.now }

  /// Makes the keys that are due, removes those that are over, and takes over what others made.
  public func refreshKeys() throws { try keys.refresh(settings.rotation) }

  /// What a secret of ours is kept as, and found by.
  func hash(_ secret: String) -> Digest256 {
    pepper.hash(SHA256Hasher().hash(secret.utf8.span))
  }

  /// The name of the record that a secret opens.
  func name(_ secret: String) -> String { String(hash(secret).hex.prefix(48)) }

  /// A new secret of 256 bits.
  func secret(_ prefix: String = "") throws(OAuthError) -> String {
    guard let bytes = try? SecureRandom.bytes(32) else { throw .serverError("no random bytes") }
    return prefix + Base64.encode(bytes.span)
  }

  /// What tokens call a new user.
  func subject() throws(OAuthError) -> String { "u-" + (try identifier()) }

  /// What a new client is called if nobody says.
  func clientID() throws(OAuthError) -> String { "c-" + (try identifier()) }

  private func identifier() throws(OAuthError) -> String {
    guard let bytes = try? SecureRandom.bytes(16),
      let digest = Digest256(bytes: (bytes + bytes).span)
    else { throw .serverError("no random bytes") }
    return String(digest.hex.prefix(32))
  }

  /// An entry of the audit log.
  func entry(
    _ action: String, _ target: String, by name: String, _ call: IdentityCall,
    _ more: [JSONMember] = []
  ) -> JSONValue {
    .object(
      [
        JSONMember("at", .string(Timestamp.text(call.now))), JSONMember("by", .string(name)),
        JSONMember("from", .string(call.request.client)), JSONMember("action", .string(action)),
        JSONMember("target", .string(target)),
      ] + more)
  }
}
