import Base
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
    exposition.droppedLines = dropped
    exposition.routeCount = 2
    return try ExpositionText(exposition.render())
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
      loop.connectionRefused(.addressLimit)
      loop.tlsHandshakeSucceeded()
      loop.tlsHandshakeFailed(.version)
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
    for name in ["connections_closed", "tls_handshakes", "upstream_retries"] {
      #expect(text.value("gatehouse_\(name)_total") == 2, "\(name)")
    }
    #expect(text.value("gatehouse_request_bytes_total") == 160)
    #expect(text.value("gatehouse_response_bytes_total") == 1600)
    #expect(text.value("gatehouse_access_log_dropped_lines_total") == 7)
    #expect(text.value("gatehouse_routes") == 2)
    func cause(_ name: String, _ cause: String) -> Double? {
      text.value("gatehouse_\(name)_total", ["cause": cause])
    }
    #expect(cause("connections_refused", "address-limit") == 2)
    #expect(cause("connections_refused", "limit") == 0)
    #expect(cause("tls_handshakes_failed", "version") == 2)
    #expect(cause("tls_handshakes_failed", "cut-off") == 0)
    let round = "gatehouse_loop_round_duration_seconds"
    #expect(text.value("\(round)_bucket", ["le": "0.0001"]) == 2)
    #expect(text.value("\(round)_bucket", ["le": "0.001"]) == 3)
    #expect(text.value("\(round)_bucket", ["le": "0.005"]) == 4)
    #expect(text.value("\(round)_count") == 4)
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

  // DOS-18.
  @Test func `Routes and services are told by name, and names that came too late together`() throws
  {
    let routes = MetricNames(labels: ["service", "route"], capacity: 2)
    let services = MetricNames(labels: ["service"], capacity: 1)
    let loop = LoopMetrics(routes: routes, services: services)
    let numbers = ["a", "b \"\\\n", "c", "d"].map { routes.number("shop", $0) }
    for number in numbers { finish(loop, route: number, service: services.number("shop")) }
    finish(loop, route: numbers[0], service: services.number("late"), status: 500)
    finish(loop, route: 99, service: 99)
    var exposition = Exposition([loop, LoopMetrics()])
    exposition.routes = routes
    exposition.services = services
    let text = try read(exposition)
    func requests(_ route: String, _ status: String, service: String = "shop") -> Double? {
      text.value(
        "gatehouse_route_requests_total", ["service": service, "route": route, "status": status])
    }
    #expect(requests("a", "2xx") == 1)
    #expect(requests("a", "5xx") == 1)
    #expect(requests("b \"\\\n", "2xx") == 1)
    #expect(requests("(other)", "2xx", service: "(other)") == 2)
    #expect(requests("b \"\\\n", "5xx") == nil)
    let duration = "gatehouse_route_request_duration_seconds"
    let first = ["service": "shop", "route": "a"]
    #expect(text.value("\(duration)_count", first) == 2)
    #expect(text.value("\(duration)_sum", first) == 0.006)
    #expect(
      text.value("\(duration)_bucket", first.merging(["le": "0.005"]) { $1 }) == 2)
    let count = "gatehouse_service_request_duration_seconds_count"
    #expect(text.value(count, ["service": "shop"]) == 4)
    #expect(text.value(count, ["service": "(other)"]) == 1)
    #expect(text.value("gatehouse_request_duration_seconds_count") == 6)
  }

  @Test func `A name keeps its number`() {
    let names = MetricNames(labels: ["name"], capacity: 2)
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
    for problem in Problem.allCases {
      #expect(loop.value(at: LoopMetrics.Start.problems + Int(problem.rawValue)) == 1)
    }
    #expect(loop.value(.bytesIn) == 10 * UInt64(Problem.allCases.count))
  }

  @Test func `No two labels of one kind count in the same place`() throws {
    let loop = LoopMetrics()
    for cause in RefusedConnection.allCases { loop.connectionRefused(cause) }
    for fault in HandshakeFault.allCases { loop.tlsHandshakeFailed(fault) }
    for failure in UpstreamFailure.allCases { loop.upstreamFailed(0, failure) }
    for bound in [0] + Buckets.rounds { loop.looped(nanoseconds: bound * 1000 + 1) }
    for status in [0, 100, 200, 300, 400, 500] { finish(loop, status: status, milliseconds: 0) }
    for bound in Buckets.requests { finish(loop, milliseconds: bound / 1000 + 1) }
    let text = try read(Exposition([loop]))
    for sample in text.samples where sample.labels["cause"] != nil {
      #expect(sample.value == 1, "\(sample)")
    }
    let counts = (0..<LabelledCounts.count).map { loop.upstreams[0].value($0) }
    #expect(counts.filter { $0 == 1 }.count == UpstreamFailure.allCases.count)
    #expect(counts.reduce(0, +) == UInt64(UpstreamFailure.allCases.count))
    #expect(text.value("gatehouse_connections_opened_total") == 0)
    #expect(text.value("gatehouse_tls_handshakes_total") == 0)
    #expect(text.value("gatehouse_requests_total", ["status": "none"]) == 1)
    for place in 0..<Buckets.rounds.count {
      #expect(loop.value(at: LoopMetrics.Start.rounds + place) == 1)
    }
    #expect(
      Problem.allCases.allSatisfy {
        text.value(
          "gatehouse_refusals_total", ["problem": "\($0.code)"]) == 0
      })
  }

  @Test func `Upstreams are told by service and address, with how it stands with them`() throws {
    let names = MetricNames(labels: ["service", "upstream"], capacity: 2)
    let loops = [LoopMetrics(upstreams: names), LoopMetrics(upstreams: names)]
    let (a, b) = (names.number("shop", "10.0.0.1:80"), names.number("shop", "10.0.0.2:80"))
    let late = names.number("late", "10.0.0.3:80")
    for loop in loops {
      loop.upstreamConnected(a)
      loop.upstreamRequested(a, reusing: false)
      loop.upstreamRequested(a, reusing: true)
      loop.upstreamResponded(a, nanoseconds: 250_000_000)
      loop.upstreamFailed(a, .timedOut)
      loop.upstreamEjected(a)
      loop.upstreamRequested(late, reusing: false)
      loop.upstreamRequested(-1, reusing: false)
    }
    let later = Instant(nanoseconds: 2000)
    loops[0].note(UpstreamState(active: 3, idle: 2, returnsAt: later), ofUpstream: a)
    loops[1].note(
      UpstreamState(active: 1, idle: 5, returnsAt: Instant(nanoseconds: 999)), ofUpstream: a)
    // What has no row of its own has no state, for it would be that of whoever came last.
    loops[0].note(UpstreamState(active: 9, idle: 9, returnsAt: later), ofUpstream: late)
    loops[0].note(UpstreamState(active: 9, idle: 9, returnsAt: later), ofUpstream: -1)
    var exposition = Exposition(loops)
    exposition.upstreams = names
    exposition.now = Instant(nanoseconds: 1000)
    let text = try read(exposition)
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
      let own = ["service": "shop", "upstream": "10.0.0.1:80"]
      return text.value("gatehouse_upstream_" + name, own.merging(labels) { $1 })
    }
    #expect(value("requests_total") == 4)
    #expect(value("reused_total") == 2)
    #expect(value("connects_total") == 2)
    #expect(value("ejections_total") == 2)
    #expect(value("failures_total", ["cause": "timed-out"]) == 2)
    #expect(value("failures_total", ["cause": "unreachable"]) == nil)
    #expect(value("response_seconds_sum") == 0.5)
    #expect(value("response_seconds_count") == 2)
    #expect(value("active") == 4)
    #expect(value("idle_connections") == 7)
    #expect(value("ejected") == 1)
    let others = ["service": "(other)", "upstream": "(other)"]
    #expect(value("requests_total", others) == 4)
    #expect(value("active", others) == 0)
    // Nothing was asked of the second.
    #expect(b == 1)
    #expect(value("requests_total", ["upstream": "10.0.0.2:80"]) == nil)
  }

  @Test func `Whether the last reload was taken is told`() throws {
    var exposition = Exposition([LoopMetrics()])
    #expect(try read(exposition).value("gatehouse_config_last_reload_successful") == 1)
    exposition.reloads.isCurrent = false
    exposition.reloads.failed = 3
    let text = try read(exposition)
    #expect(text.value("gatehouse_config_last_reload_successful") == 0)
    #expect(text.value("gatehouse_config_reloads_total", ["result": "failure"]) == 3)
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
