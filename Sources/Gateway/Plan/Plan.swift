public import Base
public import PolicyKit

/// What the gateway does, compiled from a blueprint; immutable, shared by all loops.
///
/// An exchange keeps the plan that it began with, whatever is loaded meanwhile.
public final class Plan: Sendable {
  /// Finds the route of a request.
  public let router: Router
  /// The routes, by the number that the router answers.
  public let routes: [PlanRoute]
  public let services: [PlanService]
  public let listeners: [PlanListener]
  public let limits: Limits
  /// Whether any service has WebSockets.
  let hasWebSockets: Bool
  public let directory: ConsumerDirectory
  public let trace: PlanTrace
  /// Where counts are kept that other gateways keep as well; nil if nowhere.
  public let counters: PlanCounters?

  public init(
    router: Router, routes: [PlanRoute], services: [PlanService], listeners: [PlanListener],
    limits: Limits, directory: ConsumerDirectory, trace: PlanTrace = PlanTrace(),
    counters: PlanCounters? = nil
  ) {
    self.router = router
    self.routes = routes
    self.services = services
    self.listeners = listeners
    self.limits = limits
    hasWebSockets = services.contains { $0.webSocket != nil }
    self.directory = directory
    self.trace = trace
    self.counters = counters
  }
}
