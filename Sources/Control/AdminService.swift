import Base
public import HTTP
import Runtime
import Synchronization

/// The admin listener's service: health, readiness, metrics, and the admin API if there is a store.
public final class AdminService: Responder {
  private static let paths = ["/", "/healthz", "/readyz", "/metrics"]

  private let isReady: @Sendable () -> Bool
  private let metrics: @Sendable () -> [UInt8]
  private let api: AdminAPI?
  private let rules: @Sendable () -> AdminRules
  private let gate = Mutex(AddressGate())

  /// `metrics` gives the text in Prometheus' format; it, `isReady` and `rules` are called on a loop
  /// and must not block.
  public init(
    isReady: @escaping @Sendable () -> Bool, metrics: @escaping @Sendable () -> [UInt8],
    api: AdminAPI? = nil, rules: @escaping @Sendable () -> AdminRules = { AdminRules() }
  ) {
    self.isReady = isReady
    self.metrics = metrics
    self.api = api
    self.rules = rules
  }

  /// Answers at once what is only looked up, and later what has to wait for the store.
  public func begin(
    _ request: ServiceRequest, reply: @escaping @Sendable (ServiceResponse) -> Void
  ) -> ServiceResponse? {
    let rules = rules()
    guard mayAsk(request, rules) else { return AdminFailure.throttled(seconds: 1).response }
    guard let api, isOwnName(request, rules) else { return respond(to: request) }
    if AdminAPI.owns(request.path) { return api.begin(request, reply: reply) }
    // Who can be reached from afar tells strangers that it lives, and nothing else.
    guard rules.isRemote, request.path != "/healthz", request.path != "/readyz" else {
      return respond(to: request)
    }
    return api.authorize(request, .read) { refusal in reply(refusal ?? self.respond(to: request)) }
  }

  /// Answers a request to the admin listener; the content of an answer to HEAD is left out by the
  /// listener, which tells its length.
  public func respond(to request: ServiceRequest) -> ServiceResponse {
    // A page that rebinds its name to loopback still sends its own name.
    guard isOwnName(request, rules()) else { return refusal(.misdirectedRequest) }
    guard AdminService.paths.contains(request.path) else { return refusal(.notFound) }
    guard request.method == "GET" || request.method == "HEAD" else {
      return refusal(.methodNotAllowed, (name: "allow", value: "GET, HEAD"))
    }
    switch request.path {
    case "/healthz": return text(200, "ok\n")
    case "/readyz": return isReady() ? text(200, "ready\n") : text(503, "not ready\n")
    case "/metrics":
      return response(200, "text/plain; version=0.0.4; charset=utf-8", metrics())
    default:
      let index = "{\"health\":\"/healthz\",\"readiness\":\"/readyz\",\"metrics\":\"/metrics\"}\n"
      return response(200, "application/json", Array(index.utf8))
    }
  }

  /// Whether the address of the caller has not asked too often; health is told to all, so that
  /// nobody who floods has the gateway taken for dead.
  private func mayAsk(_ request: ServiceRequest, _ rules: AdminRules) -> Bool {
    guard rules.requestsPerAddressMax > 0, let address = IPAddress(request.client),
      request.path != "/healthz", request.path != "/readyz"
    else { return true }
    return gate.withLock {
      $0.admits(address.limitKey, perSecond: rules.requestsPerAddressMax, now: Clock.monotonic)
    }
  }

  /// Whether the request is for this machine by a name that no name server can give away, or by one
  /// of the configuration's, with any port. One without a name, which no browser sends, is not.
  private func isOwnName(_ request: ServiceRequest, _ rules: AdminRules) -> Bool {
    let hosts = request.fields.filter { $0.name == "host" }
    guard hosts.count == 1, let host = hosts.first?.value.lowercased() else { return false }
    return (["localhost", "127.0.0.1", "[::1]"] + rules.hosts).contains { name in
      guard host.hasPrefix(name) else { return false }
      let rest = host.utf8.dropFirst(name.utf8.count)
      if rest.isEmpty { return true }
      let port = rest.dropFirst()
      return rest.first == UInt8(ascii: ":") && port.count <= 5
        && port.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
  }

  private func text(_ status: Int, _ body: String) -> ServiceResponse {
    response(status, "text/plain; charset=utf-8", Array(body.utf8))
  }

  /// A problem document (RFC 9457 §3).
  private func refusal(
    _ problem: Problem, _ more: (name: String, value: String)? = nil
  ) -> ServiceResponse {
    let body =
      "{\"type\":\"urn:gatehouse:problem:\(problem.code)\",\"title\":\"\(problem.title)\","
      + "\"status\":\(problem.status)}\n"
    var response = response(problem.status, "application/problem+json", Array(body.utf8))
    if let more { response.fields.append(more) }
    return response
  }

  private func response(_ status: Int, _ type: String, _ body: [UInt8]) -> ServiceResponse {
    ServiceResponse(
      status: status,
      fields: [
        (name: "content-type", value: type), (name: "cache-control", value: "no-store"),
        (name: "x-content-type-options", value: "nosniff"),
      ], body: body)
  }
}
