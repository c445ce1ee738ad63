public import Formats
public import HTTP

/// An API behind the gateway: where it is, how to reach it, and what protects it.
public struct ServiceBlueprint: Sendable {
  /// How an upstream is chosen.
  public enum Balance: String, CaseIterable, Sendable {
    case roundRobin = "round-robin"
    case leastLoaded = "least-loaded"
    /// The better of two taken by chance, by answer time and load.
    case fastest
    /// Always the same one for the same key, as long as it is well.
    case hash
  }

  /// What is hashed.
  public enum HashKey: Hashable, Sendable {
    /// The client's address.
    case address
    /// Who calls; the address of one that nobody knows.
    case consumer
    case path
    /// The value of a field, its name in lower case; the address where it is missing.
    case header(String)
  }

  /// A version of the PROXY protocol.
  public enum ProxyProtocol: String, CaseIterable, Sendable { case v1, v2 }

  /// Which `Host` an upstream is sent: its own, or the one that the client named.
  public enum HostHeader: String, CaseIterable, Sendable { case upstream, preserve }

  /// What upstreams are spoken to in: over TLS as agreed, in clear text by prior knowledge.
  public enum UpstreamProtocol: String, CaseIterable, Sendable { case http1, http2 }

  /// Unique among the services.
  public var name: String
  /// At least one.
  public var upstreams: [UpstreamBlueprint]
  /// What upstreams are spoken to in.
  public var upstreamProtocol = UpstreamProtocol.http1
  /// Whether calls of gRPC-Web are passed on as ones of gRPC.
  public var takesGRPCWeb = false
  /// How `https` upstreams are verified.
  public var upstreamTLS: UpstreamTLSBlueprint
  /// How an upstream is chosen.
  public var balance: Balance
  /// What the choice hangs on, if it does.
  public var hashKey = HashKey.address
  /// How long an upstream that comes back has only a growing part of its share; 0 for not at all.
  public var slowStartMilliseconds = 0
  /// How upstreams are asked whether they are well; nil for not at all.
  public var health: HealthBlueprint?
  /// By which version of the PROXY protocol upstreams are told whose a connection is; nil for none.
  public var proxyProtocol: ProxyProtocol?
  /// How many requests may be under way.
  public var concurrency = ConcurrencyBlueprint.unlimited
  /// How long upstreams may take, unless a route says otherwise.
  public var timeouts: TimeoutsBlueprint
  /// What is done when an upstream fails.
  public var retries: RetriesBlueprint
  /// How many connections are kept for the next request.
  public var keepAlive: KeepAliveBlueprint
  /// What WebSockets are held to; nil if there are none.
  public var webSocket: WebSocketLimits?
  /// Which host upstreams are sent.
  public var hostHeader: HostHeader
  /// The file that describes the API; nil if there is none.
  public var description: Text?
  /// At least one: a service that names none has one for every path.
  public var routes: [RouteBlueprint]
  /// Policies of every route, in the order of the file.
  public var policies: [PolicyBlueprint]
  /// Whether the service is open to everybody; a route may say otherwise for itself.
  public var isPublic: Bool
  /// Whether the gateway answers itself, as the identity provider; then it has no upstreams.
  public var isIdentity = false
  /// Where it stands in the file.
  public var position: Position
}
