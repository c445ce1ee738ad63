import Crypto
public import Formats
public import PolicyKit

/// `basic`: tells who calls by a name and a password (RFC 7617), of which the configuration holds
/// Argon2id hashes.
public final class BasicPolicy: CredentialPolicy {
  private struct User: Sendable {
    let hash: PasswordHash
    let consumer: ConsumerReference
  }

  private static let usersMax = 100_000

  /// What is checked here.
  public static let kind = CredentialKinds.password

  private let users: [String: User]
  /// What unknown names are held against.
  private let decoys: PasswordDecoys
  private let desk: PasswordDesk

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    var users: [String: User] = [:]
    let parts = settings.requiredNode("users") == nil ? [] : settings.settingsList("users") ?? []
    if parts.isEmpty, settings.node("users") != nil {
      settings.error("'users' is empty", expected: "at least one", at: "users")
    }
    for part in parts.prefix(BasicPolicy.usersMax) {
      var own = part
      let name = own.requiredText("name")
      let user = BasicPolicy.user(&own, name?.string ?? "", site)
      own.finish()
      guard let name, let user else { continue }
      if users.updateValue(user, forKey: name.string) != nil {
        own.error("the user \(name.shown) is there twice", at: name.position)
      }
    }
    self.users = users
    decoys = PasswordDecoys(like: users.values.map(\.hash))
    desk = PasswordDesk(
      of: BasicPolicy.self,
      rightMilliseconds: settings.duration("ttl", in: 0...3_600_000) ?? 60_000,
      wrongMilliseconds: settings.duration("negative-ttl", in: 0...60_000) ?? 10_000,
      milliseconds: 5_000, keeps: settings.boolean("keep") ?? false)
  }

  private static func user(
    _ settings: inout Settings, _ name: String, _ site: PolicySite
  ) -> User? {
    let text = settings.requiredText("password")
    let roles = Set(settings.list("roles") ?? [])
    let groups = Set(settings.list("groups") ?? [])
    let named = ConsumerSetting.read(&settings, site)
    if named == nil, settings.node("consumer") != nil { return nil }
    let own = Consumer(
      index: -1, name: name,
      roles: site.roles.roles(of: RoleDirectory.Caller(roles: roles, groups: groups)),
      groups: groups, isDisabled: false)
    guard let text else { return nil }
    guard let hash = PasswordHash(text.string) else {
      // Never shown: it may be the password itself.
      settings.error(
        "this is no hash of a password", expected: "$argon2id$…, by 'gatehouse hash-password'",
        at: text.position)
      return nil
    }
    return User(hash: hash, consumer: named ?? .known(own))
  }

  /// What a client is told that shows no password.
  public var challenge: StaticString? { desk.challenge }

  /// Takes the credentials out of the request.
  public func withdraw(from exchange: inout Exchange) { desk.withdraw(from: &exchange) }

  /// Decides on one request; a password is hashed on a thread that may take its time.
  public func review(_ exchange: inout Exchange) -> Verdict {
    desk.review(
      &exchange, self,
      PasswordDesk.Manner(
        work: { [users, decoys] name, password in
          let user = users[name]
          let hash = user?.hash ?? decoys.hash(for: name)
          return .computation {
            let isRight = hash?.matches(password) ?? false
            return isRight && user != nil ? PasswordDesk.Answer.right(groups: []) : .wrong
          }
        }, read: { $0 },
        identity: { [users] name, _, live in
          guard let consumer = users[name]?.consumer.consumer(live: live), !consumer.isDisabled
          else { return nil }
          return KnownIdentity(consumer, stored: consumer.isStored ? consumer : nil)
        }))
  }

  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "basic", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a name and a password.",
      options: [
        .init("users", "list", default: "required", "names and hashes of passwords; see below"),
        .init("ttl", "duration", default: "60s", "how long a right password is remembered"),
        .init("negative-ttl", "duration", default: "10s", "how long a wrong one is"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the password too"),
      ])
  }
}
