import Foundation
import Testing

/// Metrics as a collector of OpenTelemetry gets them, beside those that Prometheus reads.
@Suite struct MetricsOutputTests {
  private static let decode = """
    import glob, json, sys
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    out = {}
    def labels(point):
        return ','.join(a.key + '=' + a.value.string_value for a in point.attributes)
    for head in sorted(glob.glob(sys.argv[1] + '/*.head')):
        if not open(head).readline().strip().endswith('/v1/metrics'):
            continue
        request = ExportMetricsServiceRequest.FromString(open(head[:-4] + 'body', 'rb').read())
        for metric in request.resource_metrics[0].scope_metrics[0].metrics:
            kind = metric.WhichOneof('data')
            data = getattr(metric, kind)
            for point in data.data_points:
                assert point.start_time_unix_nano < point.time_unix_nano
                entry = dict(kind=kind, unit=metric.unit, help=metric.description)
                if kind in ('sum', 'gauge'):
                    entry['value'] = point.as_double
                else:
                    entry['value'], entry['sum'] = float(point.count), point.sum
                if kind == 'sum':
                    assert data.is_monotonic and data.aggregation_temporality == 2
                if kind == 'histogram':
                    assert data.aggregation_temporality == 2
                    entry['buckets'] = list(point.bucket_counts)
                    entry['bounds'] = list(point.explicit_bounds)
                out[metric.name + '{' + labels(point) + '}'] = entry
    json.dump(out, sys.stdout)
    """

  private static var python: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/collector/bin/python")
  }

  @Test func `A collector gets the metrics that Prometheus gets, by the same names`() throws {
    let server = try CaptureServer()
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          outputs:
            - { otlp: "http://127.0.0.1:\(server.port)", signals: [metrics], interval: 1s }
        """, workers: 1)
    let client = try gateway.client()
    for number in 0..<20 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    let told = server.requests.count
    try Waiting.until("metrics twice") { server.requests.count >= told + 2 }
    #expect(server.requests.allSatisfy { $0.target == "/v1/metrics" })
    let result = try Command.run(
      MetricsOutputTests.python, ["-c", MetricsOutputTests.decode, server.folder.path],
      in: gateway.folder)
    let all = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let metrics = try #require(all as? [String: [String: Any]], "\(result)")
    func metric(_ name: String) throws -> [String: Any] {
      try #require(metrics[name], "\(metrics.keys.sorted())")
    }
    let requests = try metric("gatehouse_requests_total{status=2xx}")
    #expect(requests["kind"] as? String == "sum")
    #expect(requests["value"] as? Double ?? 0 >= 20)
    let duration = try metric("gatehouse_request_duration_seconds{}")
    #expect(duration["kind"] as? String == "histogram" && duration["unit"] as? String == "s")
    let buckets = duration["buckets"] as? [Int] ?? []
    let bounds = duration["bounds"] as? [Double] ?? []
    #expect(buckets.count == bounds.count + 1 && bounds == bounds.sorted())
    #expect(Double(buckets.reduce(0, +)) == duration["value"] as? Double)
    #expect(try metric("gatehouse_connections_active{}")["kind"] as? String == "gauge")
    #expect(try metric("gatehouse_request_bytes_total{}")["unit"] as? String == "By")
    // What Prometheus reads has no name that the collector has not.
    let text = try Client(port: gateway.adminPort)
      .request("GET", "/metrics", host: "127.0.0.1:\(gateway.adminPort)").body
    for line in text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
      let name = line.split(separator: " ")[2]
      let has = metrics.keys.contains { $0.hasPrefix("\(name){") }
      let isUsed = text.contains("\n\(name)")
      #expect(has || !isUsed, "\(name)")
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `A collector that is away costs a warning, and no event`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          outputs:
            - { otlp: "http://127.0.0.1:9", signals: [metrics], interval: 1s }
        """, workers: 1)
    #expect(try gateway.client().request("GET", "/a").status == 200)
    try Waiting.until("a warning: \(gateway.messages)") {
      gateway.messages.contains("the collector that gets metrics is not reached")
    }
    try Waiting.until("the event") {
      (try? gateway.metric("gatehouse_events_sent_total{reader=\"otlp\"}")) ?? nil ?? 0 >= 1
    }
    withExtendedLifetime(upstream) {}
  }
}
