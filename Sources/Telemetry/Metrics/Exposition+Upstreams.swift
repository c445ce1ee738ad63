import Base

extension Exposition {
  /// What was asked of upstreams, and how it stands with them.
  mutating func upstreams(_ names: MetricNames?) {
    sum("gatehouse_upstream_retries_total", "Tries repeated.", .retries)
    let rows = (names?.rows ?? []).compactMap { upstream($0.number, $0.labels) }
    counter(
      "gatehouse_upstream_requests_total", "Requests sent to upstreams.", rows,
      UpstreamCounts.requests)
    counter(
      "gatehouse_upstream_reused_total", "Requests sent on connections that were kept.", rows,
      UpstreamCounts.reused)
    counter(
      "gatehouse_upstream_connects_total", "Connections to upstreams begun.", rows,
      UpstreamCounts.connects)
    counter(
      "gatehouse_upstream_ejections_total", "Times that a loop began to keep an upstream out.",
      rows, UpstreamCounts.ejections)
    failures(rows)
    responses(rows)
    states(rows)
  }

  private typealias Row = (labels: String, counts: [UInt64], ejected: UInt64)

  /// What all loops count of an upstream; nil if it was not used yet.
  private func upstream(_ number: Int, _ labels: String) -> Row? {
    let counts = row(number) { $0.upstreams }
    if counts.allSatisfy({ $0 == 0 }) { return nil }
    let ejected = loops.count {
      $0.upstreams.indices.contains(number)
        && $0.upstreams[number].value(UpstreamCounts.returnsAt) > now.nanoseconds
    }
    return (labels, counts, UInt64(ejected))
  }

  private mutating func counter(_ name: String, _ help: String, _ rows: [Row], _ place: Int) {
    head(name, help, "counter")
    for row in rows { line(name, row.labels, row.counts[place]) }
  }

  private mutating func failures(_ rows: [Row]) {
    let name = "gatehouse_upstream_failures_total"
    head(name, "Failed tries at upstreams, by cause.", "counter")
    for row in rows {
      for failure in UpstreamFailure.allCases {
        let count = row.counts[UpstreamCounts.failures + Int(failure.rawValue)]
        if count > 0 { line(name, row.labels, "cause=\"\(failure.label)\"", count) }
      }
    }
  }

  /// How long upstreams take: a sum and a count, for a mean over any time.
  private mutating func responses(_ rows: [Row]) {
    let name = "gatehouse_upstream_response_seconds"
    head(name, "From a request to the head of its response, by upstream.", "summary")
    for row in rows {
      let seconds = Double(row.counts[UpstreamCounts.responseNanoseconds]) / 1e9
      line(name + "_sum", row.labels, seconds)
      line(name + "_count", row.labels, row.counts[UpstreamCounts.responses])
    }
  }

  /// What is at the moment.
  private mutating func states(_ rows: [Row]) {
    let active = "gatehouse_upstream_active"
    head(active, "Exchanges under way, by upstream.", "gauge")
    for row in rows { line(active, row.labels, row.counts[UpstreamCounts.active]) }
    let idle = "gatehouse_upstream_idle_connections"
    head(idle, "Connections kept for the next exchange, by upstream.", "gauge")
    for row in rows { line(idle, row.labels, row.counts[UpstreamCounts.idle]) }
    let ejected = "gatehouse_upstream_ejected"
    head(ejected, "Loops that keep the upstream out after failures in a row.", "gauge")
    for row in rows { line(ejected, row.labels, row.ejected) }
  }
}
