public import Formats
public import HTTP

/// An API behind the gateway: where it is, how to reach it, and what protects it.
public struct ServiceBlueprint: Sendable {
  /// How an upstream is chosen.
  public enum Balance: String, CaseIterable, Sendable {
    case roundRobin = "round-robin"
    case leastLoaded = "least-loaded"
  }

  /// Which `Host` an upstream is sent: its own, or the one that the client named.
  public enum HostHeader: String, CaseIterable, Sendable { case upstream, preserve }

  /// Unique among the services.
  public var name: String
  /// At least one.
  public var upstreams: [UpstreamBlueprint]
  /// How `https` upstreams are verified.
  public var upstreamTLS: UpstreamTLSBlueprint
  /// How an upstream is chosen.
  public var balance: Balance
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
