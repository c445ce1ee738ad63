import Blueprint
import Telemetry

/// What is counted one by one: the names of routes, services and upstreams with their numbers.
struct CountedNames: Sendable {
  /// Of each kind; further ones share a count.
  private static let eachMax = 4096
  /// Of consumers, whom tokens may name by the million.
  private static let consumersMax = 1000

  let routes: MetricNames
  let services: MetricNames
  let upstreams: MetricNames
  let consumers: MetricNames
  let policies: MetricNames

  /// Room for those of the blueprint, and for some that later ones may bring.
  init(for blueprint: Blueprint) {
    let services = blueprint.services
    self.services = CountedNames.names(["service"], services.count + 64)
    consumers = CountedNames.names(["consumer"], CountedNames.consumersMax)
    policies = CountedNames.names(["policy"], 64)
    routes = CountedNames.names(
      ["service", "route"], services.reduce(0) { $0 + $1.routes.count } + 256)
    upstreams = CountedNames.names(
      ["service", "upstream"], services.reduce(0) { $0 + $1.upstreams.count } + 256)
  }

  private static func names(_ labels: [String], _ capacity: Int) -> MetricNames {
    MetricNames(labels: labels, capacity: min(capacity, eachMax))
  }

  /// The counts of one loop.
  func metrics() -> LoopMetrics {
    LoopMetrics(
      routes: routes, services: services, upstreams: upstreams, consumers: consumers,
      policies: policies)
  }
}
