import Base
import HTTP

/// The metrics of all loops in Prometheus' text format 0.0.4.
public struct Exposition {
  private let loops: [LoopMetrics]
  private var text = ByteBuffer(capacity: 8192)

  /// The metrics of these loops.
  public init(_ loops: [LoopMetrics]) { self.loops = loops }

  /// The text; `dropped` is the number of lines that the access log lost.
  public mutating func render(dropped: UInt64, routes: Int) -> [UInt8] {
    requests()
    problems()
    counter("gatehouse_connections_opened_total", "Client connections accepted.") { $0.opened }
    counter("gatehouse_connections_closed_total", "Client connections closed.") { $0.closed }
    counter("gatehouse_connections_refused_total", "Client connections refused.") { $0.refused }
    gauge(
      "gatehouse_connections_active", "Client connections open.",
      sum { $0.opened } &- sum { $0.closed })
    counter("gatehouse_tls_handshakes_total", "Completed TLS handshakes.") { $0.handshakes }
    counter("gatehouse_tls_handshakes_failed_total", "Failed TLS handshakes.") {
      $0.handshakesFailed
    }
    counter("gatehouse_upstream_connects_total", "Connections to upstreams.") { $0.connects }
    counter("gatehouse_upstream_failures_total", "Failed tries at upstreams.") { $0.failures }
    counter("gatehouse_upstream_retries_total", "Tries repeated.") { $0.retries }
    counter("gatehouse_request_bytes_total", "Bytes of request content.") { $0.bytesIn }
    counter("gatehouse_response_bytes_total", "Bytes of response content.") { $0.bytesOut }
    durations()
    head("gatehouse_access_log_dropped_lines_total", "Lines the access log lost.", "counter")
    line("gatehouse_access_log_dropped_lines_total", dropped)
    gauge("gatehouse_routes", "Routes of the running configuration.", UInt64(routes))
    return Array(text.storage[..<text.writeIndex])
  }

  private func sum(_ part: (LoopMetrics) -> Counter) -> UInt64 {
    loops.reduce(0) { $0 &+ part($1).value }
  }

  private mutating func head(_ name: String, _ help: String, _ type: String) {
    text.append(utf8: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
  }

  private mutating func line(_ name: String, _ value: UInt64) {
    text.append(utf8: "\(name) \(value)\n")
  }

  private mutating func counter(
    _ name: String, _ help: String, _ part: (LoopMetrics) -> Counter
  ) {
    head(name, help, "counter")
    line(name, sum(part))
  }

  private mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
    head(name, help, "gauge")
    line(name, value)
  }

  private mutating func requests() {
    head("gatehouse_requests_total", "Requests answered, by class of status.", "counter")
    for place in 0..<6 {
      let label = place == 0 ? "none" : "\(place)xx"
      line("gatehouse_requests_total{status=\"\(label)\"}", sum { $0.requests[place] })
    }
  }

  private mutating func problems() {
    head("gatehouse_refusals_total", "Requests refused, by problem.", "counter")
    for problem in Problem.allCases {
      let count = sum { $0.problems[Int(problem.rawValue)] }
      line("gatehouse_refusals_total{problem=\"\(problem.code)\"}", count)
    }
  }

  private mutating func durations() {
    let name = "gatehouse_request_duration_seconds"
    head(name, "From a request's head to its response's end.", "histogram")
    var running: UInt64 = 0
    for (place, bound) in LoopMetrics.bounds.enumerated() {
      running += sum { $0.durations[place] }
      line("\(name)_bucket{le=\"\(Double(bound) / 1_000_000)\"}", running)
    }
    running += sum { $0.durations[LoopMetrics.bounds.count] }
    line("\(name)_bucket{le=\"+Inf\"}", running)
    text.append(utf8: "\(name)_sum \(Double(sum { $0.durationNanoseconds }) / 1e9)\n")
    line("\(name)_count", running)
  }
}
