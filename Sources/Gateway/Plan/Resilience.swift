public import Blueprint

/// How a service lives with upstreams that fail, or are too slow.
public struct Resilience: Sendable {
  /// What the choice hangs on, if it does.
  public var hashKey: ServiceBlueprint.HashKey
  /// How long an upstream that comes back has only a growing part of its share.
  public var slowStartMilliseconds: Int
  /// How upstreams are asked whether they are well; nil for not at all.
  public var health: HealthBlueprint?
  /// How many requests may be under way.
  public var concurrency: ConcurrencyBlueprint

  /// By which version of the PROXY protocol upstreams are told whose a connection is.
  public var proxyProtocol: ServiceBlueprint.ProxyProtocol?

  /// Nothing but what there always is.
  public init() {
    hashKey = .address
    slowStartMilliseconds = 0
    concurrency = .unlimited
  }

  /// What the configuration says of a service.
  public init(_ service: ServiceBlueprint) {
    hashKey = service.hashKey
    slowStartMilliseconds = service.slowStartMilliseconds
    health = service.health
    concurrency = service.concurrency
    proxyProtocol = service.proxyProtocol
  }
}
