public import Base
import HTTP

/// The metrics of all loops in Prometheus' text format 0.0.4.
///
/// Label values come from the configuration and from our own lists alone, so that no client can
/// make new series. Routes, services and upstreams that were not used yet have none.
public struct Exposition {
  /// The names of routes, services and upstreams, as the loops count them; nil to tell sums alone.
  public var routes: MetricNames?
  public var services: MetricNames?
  public var upstreams: MetricNames?
  /// The names of consumers and policies, in the same way.
  public var consumers: MetricNames?
  public var policyNames: MetricNames?
  /// The program's version; empty to leave it out.
  public var version = ""
  /// When the process began, in seconds since 1970; 0 to leave it out.
  public var startUnixSeconds: UInt64 = 0
  /// The certificates in use.
  public var certificates: [CertificateExpiry] = []
  /// What came of reading the configuration again.
  public var reloads = ReloadCounts()
  /// What came of facts that policies lacked, by policy.
  public var needs: [NeedCounts] = []
  /// What caches hold, and may.
  public var cacheSizes: [(bytes: Int, bytesMax: Int)] = []
  /// The counts that other gateways keep as well.
  public var counters = CounterCounts()
  /// What was found in the traffic; nil if nobody looks.
  public var alerts: AlertCounts?
  /// Lines that the access log lost.
  public var droppedLines: UInt64 = 0
  /// What became of the events; nil to leave that out.
  public var events: EventMetrics?
  /// How many routes the running configuration has.
  public var routeCount = 0
  /// What is now, for upstreams that are kept out until then.
  public var now = Instant(nanoseconds: 0)

  let loops: [LoopMetrics]
  var text = ByteBuffer(capacity: 16 * 1024)

  /// The metrics of these loops.
  public init(_ loops: [LoopMetrics]) { self.loops = loops }

  /// The text.
  public mutating func render() -> [UInt8] {
    text.clear()
    requests()
    durations()
    if let routes { self.routes(routes) }
    if let services { self.services(services) }
    if let consumers { self.consumers(consumers) }
    if let policyNames { refusals(policyNames) }
    connections()
    upstreams(upstreams)
    policies()
    alerts(alerts)
    logs()
    self.events(events)
    configuration()
    process()
    return Array(text.storage[..<text.writeIndex])
  }

  private mutating func requests() {
    let requests = "gatehouse_requests_total"
    head(requests, "Requests answered, by class of status.", "counter")
    for place in 0..<LoopMetrics.classCount {
      let count = sum { $0.value(at: LoopMetrics.Start.classes + place) }
      line(requests, "status=\"\(Exposition.status(place))\"", count)
    }
    let refusals = "gatehouse_refusals_total"
    head(refusals, "Requests refused, by problem.", "counter")
    for problem in Problem.allCases {
      let count = sum { $0.value(at: LoopMetrics.Start.problems + Int(problem.rawValue)) }
      line(refusals, "problem=\"\(problem.code)\"", count)
    }
    let caches = "gatehouse_cache_requests_total"
    head(caches, "Requests to routes with a cache, by what became of them.", "counter")
    for outcome in CacheOutcome.allCases {
      let count = sum { $0.value(at: LoopMetrics.Start.caches + Int(outcome.rawValue)) }
      line(caches, "result=\"\(outcome)\"", count)
    }
    gauge(
      "gatehouse_cache_bytes", "Memory of responses that are kept.",
      UInt64(cacheSizes.reduce(0) { $0 + max(0, $1.bytes) }))
    gauge(
      "gatehouse_cache_max_bytes", "The most that it may be.",
      UInt64(cacheSizes.reduce(0) { $0 + $1.bytesMax }))
    sum("gatehouse_request_bytes_total", "Bytes of request content.", .bytesIn)
    sum("gatehouse_response_bytes_total", "Bytes of response content.", .bytesOut)
  }

  private mutating func durations() {
    let name = "gatehouse_request_duration_seconds"
    head(name, "From a request's head to its response's end.", "histogram")
    histogram(
      name, "", Exposition.bounds(Buckets.requests),
      (0...Buckets.requests.count).map { place in
        sum { $0.value(at: LoopMetrics.Start.durations + place) }
      }, nanoseconds: sum { $0.value(.durationNanoseconds) })
    let rounds = "gatehouse_loop_round_duration_seconds"
    head(rounds, "Rounds of the loops: how long what was ready waited at most.", "histogram")
    histogram(
      rounds, "", Exposition.bounds(Buckets.rounds),
      (0...Buckets.rounds.count).map { place in
        sum { $0.value(at: LoopMetrics.Start.rounds + place) }
      }, nanoseconds: sum { $0.value(.roundNanoseconds) })
  }

  private mutating func routes(_ names: MetricNames) {
    let requests = "gatehouse_route_requests_total"
    head(requests, "Requests answered, by route and class of status.", "counter")
    let rows = names.rows.map { row in (row.labels, self.row(row.number) { $0.routes }) }
    let statuses = (0..<LoopMetrics.classCount).map { "status=\"\(Exposition.status($0))\"" }
    for (labels, counts) in rows {
      for place in 0..<LoopMetrics.classCount where counts[place] > 0 {
        line(requests, labels, statuses[place], counts[place])
      }
    }
    let durations = "gatehouse_route_request_duration_seconds"
    head(durations, "From a request's head to its response's end, by route.", "histogram")
    let bounds = Exposition.bounds(Buckets.routes)
    for (labels, counts) in rows {
      let buckets = Array(counts[LoopMetrics.routeBuckets...].prefix(Buckets.routes.count + 1))
      if buckets.allSatisfy({ $0 == 0 }) { continue }
      histogram(
        durations, labels, bounds, buckets,
        nanoseconds: counts[LoopMetrics.routeNanoseconds])
    }
  }

  private mutating func services(_ names: MetricNames) {
    let name = "gatehouse_service_request_duration_seconds"
    head(name, "From a request's head to its response's end, by service.", "histogram")
    let bounds = Exposition.bounds(Buckets.requests)
    for (number, labels) in names.rows {
      let counts = row(number) { $0.services }
      let buckets = Array(counts.prefix(Buckets.requests.count + 1))
      if buckets.allSatisfy({ $0 == 0 }) { continue }
      histogram(
        name, labels, bounds, buckets,
        nanoseconds: counts[LoopMetrics.serviceNanoseconds])
    }
  }

  /// By consumer: as many as have a number of their own, and all others together.
  private mutating func consumers(_ names: MetricNames) {
    let requests = "gatehouse_consumer_requests_total"
    head(requests, "Requests answered, by consumer and class of status.", "counter")
    let rows = names.rows.map { row in (row.labels, self.row(row.number) { $0.consumers }) }
    for (labels, counts) in rows {
      for place in 0..<LoopMetrics.classCount where counts[place] > 0 {
        line(requests, labels, "status=\"\(Exposition.status(place))\"", counts[place])
      }
    }
    let durations = "gatehouse_consumer_request_duration_seconds"
    head(durations, "From a request's head to its response's end, by consumer.", "summary")
    for (labels, counts) in rows {
      let count = counts.prefix(LoopMetrics.classCount).reduce(0, &+)
      if count == 0 { continue }
      let seconds = Double(counts[LoopMetrics.routeNanoseconds]) / 1e9
      line(durations + "_sum", labels, seconds)
      line(durations + "_count", labels, count)
    }
  }

  private mutating func refusals(_ names: MetricNames) {
    let name = "gatehouse_policy_refusals_total"
    head(name, "Requests refused, by policy.", "counter")
    for (number, labels) in names.rows {
      let counts = row(number) { $0.policies }
      if counts[0] > 0 { line(name, labels, counts[0]) }
    }
  }

  private mutating func connections() {
    sum("gatehouse_connections_opened_total", "Client connections accepted.", .opened)
    sum("gatehouse_connections_closed_total", "Client connections closed.", .closed)
    let refused = "gatehouse_connections_refused_total"
    head(refused, "Client connections turned away, by cause.", "counter")
    for cause in RefusedConnection.allCases {
      let count = sum { $0.value(at: LoopMetrics.Start.refused + Int(cause.rawValue)) }
      line(refused, "cause=\"\(cause.label)\"", count)
    }
    gauge("gatehouse_connections_active", "Client connections open.", sum { $0.active })
    sum("gatehouse_tls_handshakes_total", "Completed TLS handshakes.", .handshakes)
    let failed = "gatehouse_tls_handshakes_failed_total"
    head(failed, "TLS handshakes that came to nothing, by cause.", "counter")
    for fault in HandshakeFault.allCases {
      let count = sum { $0.value(at: LoopMetrics.Start.handshakeFaults + Int(fault.rawValue)) }
      line(failed, "cause=\"\(fault.label)\"", count)
    }
  }

  /// The status label: none for connections that ended before an answer.
  private static func status(_ place: Int) -> String { place == 0 ? "none" : "\(place)xx" }
}
