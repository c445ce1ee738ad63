public import Blueprint
public import HTTP
public import TLS
import Wire

/// A service: the upstreams that stand behind its routes, or the responder that is it.
public final class PlanService: Sendable {
  /// The place among the plan's services.
  public let index: Int
  public let name: String
  /// The name's bytes, for the log.
  public let nameBytes: [UInt8]
  /// By what the service is counted; -1 for in sum alone.
  public let metricNumber: Int
  public let targets: [UpstreamTarget]
  /// How connections to https upstreams are secured; nil if there are none.
  public let tls: TLSClientContext?
  public let responder: (any Responder)?
  /// Whether upstreams are spoken to in HTTP/2.
  public let speaksHTTP2: Bool
  /// Whether calls of gRPC-Web are passed on as ones of gRPC.
  public let takesGRPCWeb: Bool
  public let preservesHost: Bool
  public let balance: ServiceBlueprint.Balance
  /// What the choice hangs on, if it does.
  public let hashKey: ServiceBlueprint.HashKey
  /// How long an upstream that comes back has only a growing part of its share; 0 for not at all.
  public let slowStartMilliseconds: Int
  /// How upstreams are asked whether they are well; nil for not at all.
  public let health: HealthBlueprint?
  /// How many requests may be under way, over all loops; nil for as many as there are.
  let gate: ConcurrencyGate?
  /// Whether each loop finds out how many may be.
  let isAdaptive: Bool
  public let retries: RetriesBlueprint
  public let keepAlive: KeepAliveBlueprint
  /// By which form of the PROXY header upstreams are told whose a connection is; nil for none. Then
  /// each connection is for one exchange.
  let proxyHeader: ProxyHeader.Version?
  /// What WebSockets are held to; nil if there are none.
  public let webSocket: WebSocketLimits?

  /// A service, by what the configuration says of it.
  public init(
    index: Int, name: String, targets: [UpstreamTarget], tls: TLSClientContext? = nil,
    responder: (any Responder)? = nil, preservesHost: Bool = false,
    balance: ServiceBlueprint.Balance = .roundRobin,
    retries: RetriesBlueprint = RetriesBlueprint(),
    keepAlive: KeepAliveBlueprint = KeepAliveBlueprint(), webSocket: WebSocketLimits? = nil,
    metricNumber: Int = -1, resilience: Resilience = Resilience(), speaksHTTP2: Bool = false,
    takesGRPCWeb: Bool = false
  ) {
    self.index = index
    self.name = name
    nameBytes = Array(name.utf8)
    self.metricNumber = metricNumber
    self.targets = targets
    self.tls = tls
    self.responder = responder
    self.speaksHTTP2 = speaksHTTP2
    self.takesGRPCWeb = takesGRPCWeb
    self.preservesHost = preservesHost
    self.balance = balance
    self.retries = retries
    hashKey = resilience.hashKey
    slowStartMilliseconds = resilience.slowStartMilliseconds
    health = resilience.health
    if case .limit(let limit) = resilience.concurrency {
      gate = ConcurrencyGate(limit: limit)
    } else {
      gate = nil
    }
    isAdaptive = resilience.concurrency == .adaptive
    proxyHeader = resilience.proxyProtocol.map { $0 == .v1 ? .v1 : .v2 }
    self.keepAlive = keepAlive
    self.webSocket = webSocket
  }
}
