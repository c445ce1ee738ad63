import Base
public import Formats
public import PolicyKit

/// `ldap`: tells who calls by a name and a password that a directory knows (RFC 4511, RFC 4513).
public final class LDAPPolicy: CredentialPolicy {
  /// What is checked here.
  public static let kind = CredentialKinds.password

  private let settings: LDAPSettings
  /// The consumers of whom a caller has to be one; nil if it need not.
  private let consumers: ConsumerDirectory?
  private let roles: RoleDirectory
  private let desk: PasswordDesk

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let milliseconds = settings.duration("timeout", in: 100...30_000) ?? 3_000
    self.settings = LDAPSettings(&settings, at: site, milliseconds: milliseconds)
    roles = site.roles
    let isKnown = settings.boolean("consumers-only") ?? false
    consumers = isKnown ? site.directory : nil
    desk = PasswordDesk(
      of: LDAPPolicy.self,
      rightMilliseconds: settings.duration("ttl", in: 0...3_600_000) ?? 60_000,
      wrongMilliseconds: settings.duration("negative-ttl", in: 0...60_000) ?? 10_000,
      milliseconds: milliseconds, keeps: settings.boolean("keep") ?? false)
  }

  /// What a client is told that shows no password.
  public var challenge: StaticString? { desk.challenge }

  /// Takes the credentials out of the request.
  public func withdraw(from exchange: inout Exchange) { desk.withdraw(from: &exchange) }

  /// Decides on one request; the directory is asked on a thread that may wait.
  public func review(_ exchange: inout Exchange) -> Verdict {
    desk.review(
      &exchange, self,
      PasswordDesk.Manner(
        work: { [settings] name, password in .directory(settings.question(name, password)) },
        read: { outcome in
          guard case .value(let value) = outcome, let answer = value as? DirectoryAnswer else {
            return outcome
          }
          guard case .right(_, let groups) = answer else {
            return .value(PasswordDesk.Answer.wrong)
          }
          return .value(PasswordDesk.Answer.right(groups: Set(groups)))
        }, identity: identity))
  }

  private func identity(
    _ name: String, _ groups: Set<String>, _ live: LiveDirectory?
  ) -> KnownIdentity? {
    var caller = RoleDirectory.Caller(groups: groups)
    guard let consumers else {
      return KnownIdentity(
        Consumer(
          index: -1, name: name, roles: roles.roles(of: caller), groups: groups,
          isDisabled: false), groups: groups)
    }
    guard let known = consumers.consumer(named: name, live: live), !known.isDisabled else {
      return nil
    }
    caller.consumer = known.name
    caller.roles = known.roles
    caller.groups.formUnion(known.groups)
    return KnownIdentity(
      Consumer(
        index: known.index, name: known.name, roles: roles.roles(of: caller),
        groups: caller.groups, isDisabled: false, isStored: known.isStored, plan: known.plan),
      groups: groups, stored: known.isStored ? known : nil)
  }

  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "ldap", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a name and a password that a directory knows.",
      options: [
        .init("url", "ldaps:// or ldap:// URL", default: "required", "the directory"),
        .init("start-tls", "boolean", default: "true with ldap://", "whether TLS is begun at once"),
        .init(
          "authority", "PEM file", default: "those of the system",
          "the authorities that the directory's certificate is from"),
        .init(
          "entry", "text", default: "none",
          "the name of a caller's entry, with `{user}` in it, as uid={user},ou=people,o=example"),
        .init("base", "text", default: "none", "below which entry callers are searched instead"),
        .init("filter", "text", default: "(uid={user})", "how they are searched"),
        .init("service", "text", default: "nobody", "the entry that searches"),
        .init("service-password", "text", default: "none", "its password"),
        .init("groups-base", "text", default: "none", "below which entry groups are searched"),
        .init("groups-filter", "text", default: "(member={dn})", "how they are searched"),
        .init("groups-attribute", "text", default: "cn", "what of them names the group"),
        .init(
          "consumers-only", "boolean", default: "false",
          "whether the name must be that of a consumer, of the configuration or the store"),
        .init("timeout", "duration", default: "3s", "how long the directory may take"),
        .init("ttl", "duration", default: "60s", "how long a right password is remembered"),
        .init("negative-ttl", "duration", default: "10s", "how long a wrong one is"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the password too"),
      ])
  }
}
