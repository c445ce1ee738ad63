public import Formats
import HTTP
public import PolicyKit

/// `access`: lets only callers through that have a role, are in a group, are named, or fulfil a
/// condition.
public final class AccessPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "access", stage: .authorization,
      summary:
        "Lets only callers through that have a role, a group, a name, or fulfil a condition.",
      options: [
        .init("roles", "list of words", default: "any", "the caller has one of these roles"),
        .init("groups", "list of words", default: "any", "the caller is in one of these groups"),
        .init("consumers", "list of names", default: "any", "the caller is one of these"),
        .init(
          "scopes", "list of words", default: "any", "the key or token has all of these scopes"),
        .init("when", "expression", default: "true", "the condition that has to hold as well"),
      ])
  }

  /// By consumer: decided once, when the configuration is loaded.
  private let allowed: [Bool]
  /// By credential: whether it has the scopes. Nil if none is asked for.
  private let hasScopes: [Bool]?
  /// What a caller must have who is none of the consumers, but known by a token.
  private let roles: Set<String>
  private let groups: Set<String>
  private let scopes: Set<String>
  private let namesConsumers: Bool
  private let condition: AccessCondition?
  /// Whether a condition is all there is, which need not be about who calls.
  private let isConditionAlone: Bool

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let roles = Set((settings.list("roles") ?? []))
    let groups = Set((settings.list("groups") ?? []))
    let names = Set((settings.list("consumers") ?? []))
    let scopes = Set((settings.list("scopes") ?? []))
    (self.roles, self.groups, self.scopes) = (roles, groups, scopes)
    namesConsumers = !names.isEmpty
    let namesNobody = roles.isEmpty && groups.isEmpty && names.isEmpty && scopes.isEmpty
    let text = settings.text("when")
    condition = text.flatMap { AccessCondition($0, at: site, &settings) }
    isConditionAlone = namesNobody && text != nil
    if namesNobody, text == nil {
      settings.error(
        "'access' names nobody", expected: "roles, groups, consumers, scopes or when",
        at: settings.position)
    }
    hasScopes =
      scopes.isEmpty
      ? nil : site.directory.credentials.map { scopes.isSubset(of: $0.scopes) }
    allowed = site.directory.consumers.map { consumer in
      (roles.isEmpty || !roles.isDisjoint(with: consumer.roles))
        && (groups.isEmpty || !groups.isDisjoint(with: consumer.groups))
        && (names.isEmpty || names.contains(consumer.name))
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    if !isConditionAlone {
      guard let consumer = exchange.consumer else {
        return .deny(Denial(.credentialsRequired, challenge: "APIKey realm=\"gatehouse\""))
      }
      guard isAllowed(consumer), mayUse(exchange.credential, consumer) else {
        return .deny(Denial(.accessDenied))
      }
    }
    if let condition, !condition.holds(exchange) { return .deny(Denial(.accessDenied)) }
    return .proceed
  }

  /// Whether the caller is one of those who may. One who is no consumer of the configuration has
  /// the roles and groups of its token, and no name that could be mistaken for a consumer's.
  private func isAllowed(_ consumer: Consumer) -> Bool {
    if consumer.index >= 0 { return allowed[consumer.index] }
    return !namesConsumers
      && (roles.isEmpty || !roles.isDisjoint(with: consumer.roles))
      && (groups.isEmpty || !groups.isDisjoint(with: consumer.groups))
  }

  /// Whether what the caller showed has the scopes that are asked for.
  private func mayUse(_ credential: Int, _ consumer: Consumer) -> Bool {
    guard let hasScopes else { return true }
    if let granted = consumer.scopes { return scopes.isSubset(of: granted) }
    return hasScopes.indices.contains(credential) && hasScopes[credential]
  }
}
