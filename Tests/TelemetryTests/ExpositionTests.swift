import HTTP
import Testing

@testable import Telemetry

@Suite struct ExpositionTests {
  private func finish(
    _ metrics: LoopMetrics, route: Int = -1, service: Int = -1, status: Int = 200,
    problem: Problem? = nil, milliseconds: UInt64 = 3
  ) {
    metrics.finished(
      route: route, service: service, status: status, problem: problem,
      nanoseconds: milliseconds * 1_000_000, bytesIn: 10, bytesOut: 100)
  }

  private func read(_ exposition: Exposition, dropped: UInt64 = 0) throws -> ExpositionText {
    var exposition = exposition
    return try ExpositionText(exposition.render(dropped: dropped, routes: 2))
  }

  @Test func `What no loop has counted is zero and well-formed`() throws {
    let text = try read(Exposition([]))
    #expect(text.value("gatehouse_requests_total", ["status": "2xx"]) == 0)
    #expect(text.samples.allSatisfy { $0.name.hasPrefix("gatehouse_") })
    for (name, type) in text.types where type == "counter" { #expect(name.hasSuffix("_total")) }
  }

  @Test func `The counts of all loops are added up`() throws {
    let loops = [LoopMetrics(), LoopMetrics()]
    for (place, loop) in loops.enumerated() {
      for status in [200, 204, 404, 503, 0, 99, 700] { finish(loop, status: status) }
      finish(loop, status: 429, problem: .rateLimited)
      loop.connectionOpened()
      loop.connectionOpened()
      loop.connectionClosed()
      loop.connectionRefused()
      loop.tlsHandshakeSucceeded()
      loop.tlsHandshakeFailed()
      loop.upstreamRequested()
      loop.upstreamConnected()
      loop.upstreamReused()
      loop.upstreamFailed()
      loop.upstreamRetried()
      loop.looped(nanoseconds: UInt64(place + 1) * 1_000_000)
      loop.looped(nanoseconds: 5)
    }
    let text = try read(Exposition(loops), dropped: 7)
    let requests = ["2xx": 4, "3xx": 0, "4xx": 4, "5xx": 4, "none": 4] as [String: Double]
    for (status, count) in requests {
      #expect(text.value("gatehouse_requests_total", ["status": status]) == count, "\(status)")
    }
    #expect(text.value("gatehouse_refusals_total", ["problem": "rate-limited"]) == 2)
    #expect(text.value("gatehouse_connections_opened_total") == 4)
    #expect(text.value("gatehouse_connections_active") == 2)
    for name in [
      "connections_closed", "connections_refused", "tls_handshakes", "tls_handshakes_failed",
      "upstream_requests", "upstream_connects", "upstream_reused", "upstream_failures",
      "upstream_retries",
    ] {
      #expect(text.value("gatehouse_\(name)_total") == 2, "\(name)")
    }
    #expect(text.value("gatehouse_request_bytes_total") == 160)
    #expect(text.value("gatehouse_response_bytes_total") == 1600)
    #expect(text.value("gatehouse_access_log_dropped_lines_total") == 7)
    #expect(text.value("gatehouse_routes") == 2)
    #expect(text.value("gatehouse_loop_lag_max_seconds") == 0.002)
  }

  @Test func `A histogram is cumulative and agrees with its count`() throws {
    let loop = LoopMetrics()
    for milliseconds in [0, 1, 2, 3, 9, 400, 9_000, 60_000] as [UInt64] {
      finish(loop, milliseconds: milliseconds)
    }
    let text = try read(Exposition([loop]))
    let name = "gatehouse_request_duration_seconds"
    func bucket(_ bound: String) -> Double? { text.value("\(name)_bucket", ["le": bound]) }
    #expect(bucket("0.0005") == 1)
    #expect(bucket("0.001") == 2)
    #expect(bucket("0.005") == 4)
    #expect(bucket("0.5") == 6)
    #expect(bucket("10.0") == 7)
    #expect(bucket("+Inf") == 8)
    #expect(text.value("\(name)_count") == 8)
    #expect(text.value("\(name)_sum") == 69.415)
  }

  @Test func `Routes and services are told by name, and names that came too late together`() throws
  {
    let routes = MetricNames(capacity: 2)
    let services = MetricNames(capacity: 1)
    let loop = LoopMetrics(routes: routes, services: services)
    let numbers = ["a", "b \"\\\n", "c", "d"].map { routes.number($0) }
    for number in numbers { finish(loop, route: number, service: services.number("shop")) }
    finish(loop, route: numbers[0], service: services.number("late"), status: 500)
    finish(loop, route: 99, service: 99)
    var exposition = Exposition([loop, LoopMetrics()])
    exposition.routes = routes
    exposition.services = services
    let text = try read(exposition)
    func requests(_ route: String, _ status: String) -> Double? {
      text.value("gatehouse_route_requests_total", ["route": route, "status": status])
    }
    #expect(requests("a", "2xx") == 1)
    #expect(requests("a", "5xx") == 1)
    #expect(requests("b \"\\\n", "2xx") == 1)
    #expect(requests("(other)", "2xx") == 2)
    #expect(requests("b \"\\\n", "5xx") == nil)
    let count = "gatehouse_service_request_duration_seconds_count"
    #expect(text.value(count, ["service": "shop"]) == 4)
    #expect(text.value(count, ["service": "(other)"]) == 1)
    #expect(text.value("gatehouse_request_duration_seconds_count") == 6)
  }

  @Test func `A name keeps its number`() {
    let names = MetricNames(capacity: 2)
    #expect(names.number("a") == 0)
    #expect(names.number("b") == 1)
    #expect(names.number("c") == 2)
    #expect(names.number("d") == 2)
    #expect(names.number("a") == 0)
    #expect(names.number("b") == 1)
  }

  @Test func `The process, its version and its certificates are told`() throws {
    var exposition = Exposition([LoopMetrics()])
    exposition.version = "1.2.3"
    exposition.certificates = [
      CertificateExpiry(name: "api.example.com", notAfter: 1_900_000_000),
      CertificateExpiry(name: "old", notAfter: -1),
    ]
    let text = try read(exposition)
    #expect(text.value("gatehouse_build_info", ["version": "1.2.3"]) == 1)
    let expiry = "gatehouse_certificate_expiry_timestamp_seconds"
    #expect(text.value(expiry, ["certificate": "api.example.com"]) == 1_900_000_000)
    #expect(text.value(expiry, ["certificate": "old"]) == -1)
    let resident = try #require(text.value("gatehouse_process_resident_memory_bytes"))
    #expect(resident > 1_000_000)
    let limit = try #require(text.value("gatehouse_process_max_fds"))
    if let open = text.value("gatehouse_process_open_fds") { #expect(open > 2 && open <= limit) }
    #expect(try #require(text.value("gatehouse_process_cpu_seconds_total")) > 0)
  }

  @Test func `Every problem has a place of its own`() {
    #expect(Problem.allCases.allSatisfy { $0.rawValue < LoopMetrics.problemCountMax })
    let loop = LoopMetrics()
    for problem in Problem.allCases { finish(loop, status: problem.status, problem: problem) }
    for problem in Problem.allCases { #expect(loop.refusals(problem) == 1) }
    #expect(loop.value(.bytesIn) == 10 * UInt64(Problem.allCases.count))
  }

  @Test func `Counts may be read while they are written`() async {
    let loop = LoopMetrics()
    await withTaskGroup { group in
      group.addTask {
        for _ in 0..<20_000 {
          loop.connectionOpened()
          loop.connectionClosed()
        }
      }
      group.addTask { for _ in 0..<20_000 { #expect(loop.active < 20_000) } }
    }
    #expect(loop.active == 0)
    #expect(loop.value(.opened) == 20_000)
  }
}
