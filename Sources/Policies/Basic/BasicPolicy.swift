import Crypto
public import Formats
public import PolicyKit

/// `basic`: tells who calls by a name and a password (RFC 7617), of which the configuration holds
/// Argon2id hashes.
public final class BasicPolicy: CredentialPolicy {
  private struct User: Sendable {
    let hash: PasswordHash
    let consumer: Consumer
  }

  private static let usersMax = 100_000

  private let users: [String: User]
  /// What unknown names are held against, at the cost of a real one; nothing fits it.
  private let decoy: PasswordHash?
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
    decoy = users.values.first.flatMap { BasicPolicy.decoy(like: $0.hash) }
    desk = PasswordDesk(
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
    var consumer = Consumer(
      index: -1, name: name,
      roles: site.roles.roles(of: RoleDirectory.Caller(roles: roles, groups: groups)),
      groups: groups, isDisabled: false)
    if let wanted = settings.text("consumer") {
      guard let found = site.directory.consumers.first(where: { $0.name == wanted.string }) else {
        settings.refuse(wanted, "consumer", words: site.directory.consumers.map(\.name))
        return nil
      }
      consumer = found
    }
    guard let text else { return nil }
    guard let hash = PasswordHash(text.string) else {
      // Never shown: it may be the password itself.
      settings.error(
        "this is no hash of a password", expected: "$argon2id$…, by 'gatehouse hash-password'",
        at: text.position)
      return nil
    }
    return User(hash: hash, consumer: consumer)
  }

  /// The same cost and salt with another tag.
  private static func decoy(like hash: PasswordHash) -> PasswordHash? {
    let parts = hash.text.split(separator: "$", omittingEmptySubsequences: false)
    guard let tag = try? SecureRandom.bytes(32) else { return nil }
    let text = Base64.encode(tag.span, .standard).replacing("=", with: "")
    return PasswordHash(parts.dropLast().joined(separator: "$") + "$" + text)
  }

  /// What a client is told that shows no password.
  public var challenge: StaticString? { desk.challenge }

  /// Takes the credentials out of the request.
  public func withdraw(from exchange: inout Exchange) { desk.withdraw(from: &exchange) }

  /// Decides on one request; a password is hashed on a thread that may take its time.
  public func review(_ exchange: inout Exchange) -> Verdict {
    desk.review(&exchange, self) { name, password in
      let user = users[name]
      let hash = user?.hash ?? decoy
      return .computation {
        let isRight = hash?.matches(password) ?? false
        let consumer = isRight ? user?.consumer : nil
        return PasswordDesk.Answer(consumer: consumer.flatMap { $0.isDisabled ? nil : $0 })
      }
    } _: { outcome, _ in
      outcome
    }
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
