public import HTTP

/// The admin listener's service: health, readiness and metrics.
public struct AdminService: Responder {
  private let isReady: @Sendable () -> Bool
  private let metrics: @Sendable () -> [UInt8]

  /// `metrics` gives the text in Prometheus' format.
  public init(
    isReady: @escaping @Sendable () -> Bool, metrics: @escaping @Sendable () -> [UInt8]
  ) {
    self.isReady = isReady
    self.metrics = metrics
  }

  /// Answers a request to the admin listener.
  public func respond(to request: ServiceRequest) -> ServiceResponse {
    // A page that rebinds its name to loopback still sends its own name.
    guard AdminService.isOwnName(request) else { return refusal(.misdirectedRequest) }
    guard request.method == "GET" || request.method == "HEAD" else {
      return refusal(.methodNotAllowed)
    }
    switch request.path {
    case "/healthz": return text(200, "ok\n")
    case "/readyz": return isReady() ? text(200, "ready\n") : text(503, "not ready\n")
    case "/metrics":
      return ServiceResponse(
        status: 200,
        fields: [(name: "content-type", value: "text/plain; version=0.0.4; charset=utf-8")],
        body: metrics())
    default: return refusal(.notFound)
    }
  }

  private static func isOwnName(_ request: ServiceRequest) -> Bool {
    guard let host = request.fields.first(where: { $0.name == "host" })?.value else { return true }
    let names = ["localhost", "127.0.0.1", "[::1]"]
    return names.contains { host == $0 || host.hasPrefix($0 + ":") }
  }

  private func text(_ status: Int, _ body: String) -> ServiceResponse {
    ServiceResponse(
      status: status, fields: [(name: "content-type", value: "text/plain; charset=utf-8")],
      body: Array(body.utf8))
  }

  private func refusal(_ problem: Problem) -> ServiceResponse {
    let body =
      "{\"type\":\"urn:gatehouse:problem:\(problem.code)\",\"title\":\"\(problem.title)\","
      + "\"status\":\(problem.status)}\n"
    return ServiceResponse(
      status: problem.status,
      fields: [(name: "content-type", value: "application/problem+json")],
      body: Array(body.utf8))
  }
}
