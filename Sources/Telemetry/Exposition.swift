import Base
import HTTP

/// The metrics of all loops in Prometheus' text format 0.0.4.
///
/// Label values come from the configuration and from our own lists alone, so that no client can
/// make new series. Routes and services that were not used yet have none.
public struct Exposition {
  /// The names of routes and services, as the loops count them; nil to tell sums alone.
  public var routes: MetricNames?
  public var services: MetricNames?
  /// The program's version; empty to leave it out.
  public var version = ""
  /// The certificates in use.
  public var certificates: [CertificateExpiry] = []

  /// What came of reading the configuration again.
  public var reloads = ReloadCounts()

  let loops: [LoopMetrics]
  var text = ByteBuffer(capacity: 16 * 1024)

  /// The metrics of these loops.
  public init(_ loops: [LoopMetrics]) { self.loops = loops }

  /// The text; `dropped` is the number of lines that the access log lost, `routes` how many routes
  /// the running configuration has.
  public mutating func render(dropped: UInt64, routes: Int) -> [UInt8] {
    text.clear()
    requests()
    connections()
    upstreams()
    sum("gatehouse_request_bytes_total", "Bytes of request content.", .bytesIn)
    sum("gatehouse_response_bytes_total", "Bytes of response content.", .bytesOut)
    durations()
    head("gatehouse_access_log_dropped_lines_total", "Lines the access log lost.", "counter")
    line("gatehouse_access_log_dropped_lines_total", dropped)
    gauge("gatehouse_routes", "Routes of the running configuration.", UInt64(max(0, routes)))
    configuration()
    process()
    return Array(text.storage[..<text.writeIndex])
  }

  private mutating func configuration() {
    let name = "gatehouse_config_reloads_total"
    head(name, "Configurations read again, by what came of it.", "counter")
    line("\(name){result=\"success\"}", reloads.succeeded)
    line("\(name){result=\"failure\"}", reloads.failed)
    gauge(
      "gatehouse_config_last_success_timestamp_seconds",
      "When the configuration that runs was taken.", reloads.lastSuccessUnixSeconds)
  }

  private mutating func connections() {
    sum("gatehouse_connections_opened_total", "Client connections accepted.", .opened)
    sum("gatehouse_connections_closed_total", "Client connections closed.", .closed)
    sum("gatehouse_connections_refused_total", "Client connections refused.", .refused)
    gauge(
      "gatehouse_connections_active", "Client connections open.",
      loops.reduce(0) { $0 &+ $1.active })
    sum("gatehouse_tls_handshakes_total", "Completed TLS handshakes.", .handshakes)
    sum("gatehouse_tls_handshakes_failed_total", "Failed TLS handshakes.", .handshakesFailed)
  }

  private mutating func upstreams() {
    sum("gatehouse_upstream_requests_total", "Requests sent to upstreams.", .upstreamRequests)
    sum("gatehouse_upstream_connects_total", "Connections to upstreams.", .connects)
    sum("gatehouse_upstream_reused_total", "Connections to upstreams used again.", .reused)
    sum("gatehouse_upstream_failures_total", "Failed tries at upstreams.", .failures)
    sum("gatehouse_upstream_retries_total", "Tries repeated.", .retries)
  }

  private mutating func requests() {
    head("gatehouse_requests_total", "Requests answered, by class of status.", "counter")
    for place in 0..<LoopMetrics.classCount {
      let count = loops.reduce(0) { $0 &+ $1.requests(statusClass: place) }
      line("gatehouse_requests_total{status=\"\(Exposition.status(place))\"}", count)
    }
    head("gatehouse_refusals_total", "Requests refused, by problem.", "counter")
    for problem in Problem.allCases {
      let count = loops.reduce(0) { $0 &+ $1.refusals(problem) }
      line("gatehouse_refusals_total{problem=\"\(problem.code)\"}", count)
    }
    guard let routes else { return }
    let name = "gatehouse_route_requests_total"
    head(name, "Requests answered, by route and class of status.", "counter")
    for row in routes.rows {
      let counts = loops.compactMap {
        $0.routes.indices.contains(row.number) ? $0.routes[row.number] : nil
      }
      for place in 0..<LoopMetrics.classCount {
        let count = counts.reduce(0) { $0 &+ $1.value(place) }
        if count == 0 { continue }
        let labels =
          "route=\"\(Exposition.escaped(row.name))\",status=\"\(Exposition.status(place))\""
        line("\(name){\(labels)}", count)
      }
    }
  }

  /// The status label: none for connections that ended before an answer.
  private static func status(_ place: Int) -> String { place == 0 ? "none" : "\(place)xx" }

  private mutating func durations() {
    let name = "gatehouse_request_duration_seconds"
    head(name, "From a request's head to its response's end.", "histogram")
    let nanoseconds = loops.reduce(0) { $0 &+ $1.value(.durationNanoseconds) }
    let buckets = (0...LoopMetrics.bounds.count).map { place in
      loops.reduce(0) { $0 &+ $1.durations(bucket: place) }
    }
    histogram(name, "", buckets, nanoseconds)
    if let services { self.services(services) }
    head("gatehouse_loop_lag_max_seconds", "The longest round of any loop.", "gauge")
    let lag = loops.map { $0.value(.lagNanosecondsMax) }.max() ?? 0
    line("gatehouse_loop_lag_max_seconds", Double(lag) / 1e9)
  }

  private mutating func services(_ names: MetricNames) {
    let name = "gatehouse_service_request_duration_seconds"
    head(name, "From a request's head to its response's end, by service.", "histogram")
    for row in names.rows {
      let counts = loops.compactMap {
        $0.services.indices.contains(row.number) ? $0.services[row.number] : nil
      }
      let buckets = (0...LoopMetrics.bounds.count).map { place in
        counts.reduce(0) { $0 &+ $1.value(place) }
      }
      if buckets.allSatisfy({ $0 == 0 }) { continue }
      let nanoseconds = counts.reduce(0) { $0 &+ $1.value(LabelledCounts.count - 1) }
      histogram(name, "service=\"\(Exposition.escaped(row.name))\"", buckets, nanoseconds)
    }
  }

  /// The lines of one histogram; its count is what its buckets hold, so that they always agree.
  private mutating func histogram(
    _ name: String, _ labels: String, _ buckets: [UInt64], _ nanoseconds: UInt64
  ) {
    let first = labels.isEmpty ? "" : labels + ","
    let all = labels.isEmpty ? "" : "{\(labels)}"
    var running: UInt64 = 0
    for (place, bound) in LoopMetrics.bounds.enumerated() {
      running &+= buckets[place]
      line("\(name)_bucket{\(first)le=\"\(Double(bound) / 1_000_000)\"}", running)
    }
    running &+= buckets[LoopMetrics.bounds.count]
    line("\(name)_bucket{\(first)le=\"+Inf\"}", running)
    line("\(name)_sum\(all)", Double(nanoseconds) / 1e9)
    line("\(name)_count\(all)", running)
  }
}
