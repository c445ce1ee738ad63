public import Blueprint
public import PolicyKit

/// A route with its policies, in the order in which they run.
public final class PlanRoute: Sendable {
  /// The place among the plan's routes.
  public let index: Int
  /// The name's bytes, for the log.
  public let name: [UInt8]
  public let service: PlanService
  public let requestPolicies: [any RequestPolicy]
  public let bodyPolicies: [any BodyPolicy]
  public let responsePolicies: [any ResponsePolicy]
  public let responseBodyPolicies: [any ResponseBodyPolicy]
  public let refusalPolicies: [any RefusalPolicy]
  /// The one that says how responses are encoded; nil if nobody does.
  let codingPolicy: (any CodingPolicy)?
  /// The one that keeps responses; nil if nobody does.
  let cachingPolicy: (any CachingPolicy)?
  /// The path as the configuration has it, for the events; empty if there are several.
  public let template: [UInt8]
  /// The names of the policies, by their places in the lists above.
  let requestPolicyNames, bodyPolicyNames, responseBodyPolicyNames: [CountedPolicy]
  /// The names of the query's parameters that the log masks.
  public let secretParameters: [[UInt8]]
  public let timeouts: TimeoutsBlueprint
  /// By what the route is counted; -1 for in sum alone.
  public let metricNumber: Int
  /// Bytes of the path's beginning that the upstream does not get; 0 for none.
  public let stripCount: Int
  /// What is kept of its responses; nil if nothing is.
  public var cache: ResponseCache? { cachingPolicy?.cache }
  /// How many of its requests may be under way, over all loops; nil for as many as there are.
  let gate: ConcurrencyGate?

  /// A route; the policies come in the order in which they run.
  public init(
    index: Int, name: String, service: PlanService, policies: [any Policy],
    timeouts: TimeoutsBlueprint, stripCount: Int, metricNumber: Int = -1,
    concurrencyMax: Int? = nil,
    template: String = "", policyNumber: (String) -> Int = { _ in -1 }
  ) {
    self.index = index
    self.name = Array(name.utf8)
    self.service = service
    requestPolicies = policies.compactMap { $0 as? any RequestPolicy }
    bodyPolicies = policies.compactMap { $0 as? any BodyPolicy }
    responsePolicies = policies.compactMap { $0 as? any ResponsePolicy }
    responseBodyPolicies = policies.compactMap { $0 as? any ResponseBodyPolicy }
    refusalPolicies = policies.compactMap { $0 as? any RefusalPolicy }
    cachingPolicy = policies.compactMap { $0 as? any CachingPolicy }.last
    codingPolicy = policies.compactMap { $0 as? any CodingPolicy }.last
    self.template = Array(template.utf8)
    requestPolicyNames = requestPolicies.map { CountedPolicy($0, policyNumber) }
    bodyPolicyNames = bodyPolicies.map { CountedPolicy($0, policyNumber) }
    responseBodyPolicyNames = responseBodyPolicies.map { CountedPolicy($0, policyNumber) }
    secretParameters = policies.compactMap { $0 as? any QueryCredentialPolicy }
      .flatMap { $0.secretParameters }
    self.timeouts = timeouts
    self.stripCount = stripCount
    self.metricNumber = metricNumber
    gate = concurrencyMax.map { ConcurrencyGate(limit: $0) }
  }
}
