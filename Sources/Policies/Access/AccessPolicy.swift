public import Formats
import HTTP
public import PolicyKit

/// `access`: lets only callers through that have a role, are in a group, are named, whose roles
/// permit it, or who fulfil a condition.
public final class AccessPolicy: RequestPolicy, BodyPolicy {
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
        .init(
          "permissions", "boolean", default: "true if nothing else is asked for",
          "one of the caller's roles permits it, by `roles` of the configuration"),
        .init(
          "operations", "mapping", default: "none",
          "the scopes that each operation needs; one that is not listed is refused"),
        .init(
          "description", "path", default: "none",
          "the API's description, whose names operations may go by"),
        .init("when", "expression", default: "true", "the condition that has to hold as well"),
      ])
  }

  /// By consumer: decided once, when the configuration is loaded.
  private let allowed: [Bool]
  /// By credential: whether it has the scopes. Nil if none is asked for.
  private let hasScopes: [Bool]?
  private let credentials: [ConsumerDirectory.Credential]
  /// What a caller must have who is none of the consumers, but known by a token.
  private let roles: Set<String>
  private let groups: Set<String>
  private let scopes: Set<String>
  private let names: Set<String>
  private let namesConsumers: Bool
  private let condition: AccessCondition?
  private let permissions: AccessPermissions?
  private let operationScopes: OperationScopes?
  private let operations: OperationNames?
  /// Whether a condition is all there is, which need not be about who calls.
  private let isConditionAlone: Bool

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let roles = Set((settings.list("roles") ?? []))
    let groups = Set((settings.list("groups") ?? []))
    let names = Set((settings.list("consumers") ?? []))
    let scopes = Set((settings.list("scopes") ?? []))
    (self.roles, self.groups, self.scopes) = (roles, groups, scopes)
    self.names = names
    namesConsumers = !names.isEmpty
    let namesNobody = roles.isEmpty && groups.isEmpty && names.isEmpty && scopes.isEmpty
    let text = settings.text("when")
    let condition = text.flatMap { AccessCondition($0, at: site, &settings) }
    self.condition = condition
    operationScopes = OperationScopes(&settings)
    let asksNothing = namesNobody && text == nil && settings.node("operations") == nil
    let isByPermission = settings.boolean("permissions") ?? (asksNothing && !site.roles.isEmpty)
    permissions = isByPermission ? AccessPermissions(at: site) : nil
    isConditionAlone = namesNobody && text != nil && !isByPermission && operationScopes == nil
    if asksNothing, !isByPermission {
      settings.error(
        "'access' names nobody",
        expected: "roles, groups, consumers, scopes or when, or 'roles' of the configuration",
        at: settings.position)
    }
    if isByPermission, site.roles.isEmpty {
      settings.error(
        "no role permits anything", expected: "'roles' of the configuration", at: "permissions")
    }
    let description = settings.path("description")
    var named = operationScopes?.names ?? []
    if isByPermission { named.formUnion(AccessPermissions.operations(at: site)) }
    operations =
      named.isEmpty && description == nil
      ? nil : OperationNames(named, description: description, at: site, settings)
    credentials = site.directory.credentials
    hasScopes =
      scopes.isEmpty
      ? nil : site.directory.credentials.map { scopes.isSubset(of: $0.scopes) }
    allowed = site.directory.consumers.map { consumer in
      (roles.isEmpty || !roles.isDisjoint(with: consumer.roles))
        && (groups.isEmpty || !groups.isDisjoint(with: consumer.groups))
        && (names.isEmpty || names.contains(consumer.name))
    }
  }

  /// Whether the condition is about content.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool {
    condition?.readsContent ?? false
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    if !isConditionAlone {
      guard let consumer = exchange.consumer else {
        return .deny(Denial(.credentialsRequired, challenge: "APIKey realm=\"gatehouse\""))
      }
      guard isAllowed(consumer) else {
        return AccessPolicy.refuse("the caller is none of those who may")
      }
      guard mayUse(exchange.credential, consumer) else {
        return AccessPolicy.refuse("what the caller showed lacks a scope")
      }
      if let refusal = checkOperation(exchange, consumer) { return refusal }
    }
    if let condition, !condition.readsContent, !condition.holds(exchange) {
      return AccessPolicy.refuse("the condition does not hold")
    }
    return .proceed
  }

  /// Decides by the content, once all of it is there.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let condition, condition.readsContent else { return .proceed }
    if !condition.holds(exchange, ContentValues(content, exchange.request)) {
      return AccessPolicy.refuse("the condition does not hold")
    }
    return .proceed
  }

  private static func refuse(_ reason: StaticString) -> Verdict {
    .deny(Denial(.accessDenied, reason: reason))
  }

  /// What roles and scopes say of the operation; nil if nothing speaks against it.
  private func checkOperation(
    _ exchange: borrowing Exchange, _ consumer: Consumer
  ) -> Verdict? {
    guard permissions != nil || operationScopes != nil else { return nil }
    let names = operations?.names(of: exchange) ?? []
    if let permissions, !permissions.permit(consumer.roles, exchange, operations: names) {
      return AccessPolicy.refuse("no role of the caller permits this")
    }
    if let operationScopes,
      !operationScopes.permit(granted(exchange.credential, consumer), operations: names)
    {
      return AccessPolicy.refuse("what the caller showed lacks a scope for the operation")
    }
    return nil
  }

  /// The scopes of what the caller showed.
  private func granted(_ credential: Int, _ consumer: Consumer) -> Set<String> {
    if let scopes = consumer.scopes { return scopes }
    return credentials.indices.contains(credential) ? credentials[credential].scopes : []
  }

  /// Whether the caller is one of those who may. One who is no consumer of the configuration has
  /// the roles and groups of its token, and no name that could be mistaken for a consumer's.
  private func isAllowed(_ consumer: Consumer) -> Bool {
    if consumer.index >= 0, allowed[consumer.index] { return true }
    let isConsumer = consumer.isStored || consumer.index >= 0
    let isNamed = !namesConsumers || (isConsumer && names.contains(consumer.name))
    return isNamed
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
