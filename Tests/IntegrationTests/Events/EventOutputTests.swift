import Base
import Crypto
import Foundation
import Testing

/// Outputs of a running gateway against those who read them in earnest.
@Suite(.serialized) struct EventOutputTests {
  private func objects(_ data: Data) throws -> [[String: Any]] {
    let all = try JSONSerialization.jsonObject(with: data)
    return all as? [[String: Any]] ?? []
  }

  /// The program that decodes what a collector of OpenTelemetry gets.
  private static var collector: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/collector/bin/python")
  }

  @Test func `SSR-12: a webhook gets each event once, signed, and again only what it refused`()
    throws
  {
    let hook = try CaptureServer()
    try hook.answer(503)
    let upstream = try TestUpstream()
    let secret = "whsec-test-test-test"
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          outputs:
            - webhook: http://127.0.0.1:\(hook.port)/hook?a=b
              secret: ${file:secret}
              format: ocsf
              headers: { X-Team: blue }
        """, workers: 1, secret: secret)
    let client = try gateway.client()
    for number in 0..<50 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    try Waiting.until("a warning: \(gateway.messages)") {
      gateway.messages.contains("the output webhook answers with status 503")
    }
    #expect(hook.requests.isEmpty)
    try hook.answer(200)
    func paths() throws -> [String] {
      try hook.requests.flatMap { try objects($0.body) }.compactMap { event in
        let request = event["http_request"] as? [String: Any]
        return (request?["url"] as? [String: Any])?["path"] as? String
      }
    }
    try Waiting.until("all events: \(hook.requests.count)") { (try? paths().count) ?? 0 >= 50 }
    #expect(try paths() == (0..<50).map { "/a/\($0)" })
    let key = try HMACSHA256(key: Array(secret.utf8).span)
    for request in hook.requests {
      #expect(request.target == "/hook?a=b")
      #expect(request.fields["x-team"] == "blue")
      let time = try #require(request.fields["gatehouse-timestamp"])
      #expect(abs(Date().timeIntervalSince1970 - (Double(time) ?? 0)) < 60)
      let signed = Array("\(time).".utf8) + Array(request.body)
      #expect(
        request.fields["gatehouse-signature"] == "v1=\(key.authenticate(signed.span).hex)")
      #expect(request.fields["gatehouse-delivery"]?.isEmpty == false)
    }
    #expect(try gateway.metric("gatehouse_events_sent_total{reader=\"webhook\"}") == 50)
    withExtendedLifetime(upstream) {}
  }

  @Test(arguments: [false, true])
  func `Rsyslog takes each event as a message of RFC 5424, by TCP and by TLS`(
    isSecure: Bool
  ) throws {
    let authority = try TestAuthority()
    try authority.issue("localhost")
    let server =
      isSecure ? try SyslogServer(certificate: "localhost", of: authority) : try SyslogServer()
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          node: edge-3
          outputs:
            - syslog: \(isSecure ? "tls" : "tcp")://localhost:\(server.port)
              authorities: \(authority.path("ca.pem"))
              format: ecs
        """, workers: 1)
    let client = try gateway.client()
    for number in 0..<100 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    #expect(try client.request("GET", "/breaks").status == 502)
    try Waiting.until("all messages: \(server.messages.count) \(gateway.messages)") {
      server.messages.count >= 101
    }
    #expect(server.messages.count == 101)
    let first = try #require(server.messages.first)
    let parts = first.split(separator: " ", maxSplits: 5)
    #expect(parts[0] == "110" && parts[2] == "edge-3" && parts[3] == "gatehouse")
    #expect(parts[4] == "exchange")
    let object = try JSONSerialization.jsonObject(with: Data(parts[5].utf8)) as? [String: Any]
    #expect((object?["url"] as? [String: Any])?["path"] as? String == "/a/0")
    // An error of the upstream's: facility 13, severity 3.
    #expect(server.messages.contains { $0.hasPrefix("107 ") })
    withExtendedLifetime(upstream) {}
  }

  @Test func `A syslog server with a certificate of somebody else's gets nothing`() throws {
    let authority = try TestAuthority()
    try authority.issue("localhost")
    let server = try SyslogServer(certificate: "localhost", of: authority)
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: "events: { outputs: [{ syslog: \"tls://localhost:\(server.port)\" }] }", workers: 1)
    #expect(try gateway.client().request("GET", "/a").status == 200)
    try Waiting.until("a warning: \(gateway.messages)") {
      gateway.messages.contains("the output syslog fails in the TLS handshake")
    }
    #expect(server.messages.isEmpty)
    withExtendedLifetime(upstream) {}
  }

  private static let decode = """
    import glob, json, sys
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    def attributes(list):
        return {a.key: a.value.int_value if a.value.HasField('int_value') else a.value.string_value for a in list}
    out = []
    for head in sorted(glob.glob(sys.argv[1] + '/*.head')):
        path, body = open(head).readline().strip(), open(head[:-4] + 'body', 'rb').read()
        if path.endswith('/v1/logs'):
            request = ExportLogsServiceRequest.FromString(body)
            for r in request.resource_logs:
                for s in r.scope_logs:
                    for l in s.log_records:
                        out.append(dict(kind='log', resource=attributes(r.resource.attributes), scope=s.scope.name,
                            severity=l.severity_number, body=l.body.string_value, name=l.event_name, time=l.time_unix_nano,
                            trace=l.trace_id.hex(), span=l.span_id.hex(), attributes=attributes(l.attributes)))
        else:
            request = ExportTraceServiceRequest.FromString(body)
            for r in request.resource_spans:
                for s in r.scope_spans:
                    for p in s.spans:
                        out.append(dict(kind='span', resource=attributes(r.resource.attributes), name=p.name, spankind=p.kind,
                            trace=p.trace_id.hex(), span=p.span_id.hex(), parent=p.parent_span_id.hex(),
                            nanoseconds=p.end_time_unix_nano - p.start_time_unix_nano, code=p.status.code,
                            attributes=attributes(p.attributes)))
    json.dump(out, sys.stdout)
    """

  @Test func `LOG-16: a collector of OpenTelemetry gets logs and spans that hang together`() throws
  {
    let server = try CaptureServer()
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port, paths: "[\"/items/{id}\"]"),
      rest: """
        events: { node: edge-4, outputs: [{ otlp: "http://127.0.0.1:\(server.port)", sample: 0% }] }
        """, workers: 1, more: "trace: { accept: all }")
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let told = ["traceparent: 00-\(trace)-b7ad6b7169203331-01"]
    // Told by the client, begun here, and one that is no context (restarted).
    let answers = try [told, [], ["traceparent: 00-\(trace)-0000000000000000-01"]].map { fields in
      try gateway.client().request("GET", "/items/7?page=2", fields)
    }
    #expect(try gateway.client().request("GET", "/items/8", told).status == 200)
    #expect(try gateway.client().request("GET", "/breaks").status == 404)
    let seen = answers.map { answer -> String in
      let line = answer.body.split(separator: "\r\n").first { $0.hasPrefix("traceparent: ") }
      return line.map { String($0.dropFirst(13)) } ?? ""
    }
    #expect(seen[0].hasPrefix("00-\(trace)-") && seen[0].hasSuffix("-01"))
    #expect(!seen[0].contains("b7ad6b7169203331"))
    #expect(seen[1].count == 55 && seen[2].count == 55 && !seen[2].contains(trace))
    // Logs come before spans, batch by batch.
    try Waiting.until("logs") {
      (try? gateway.metric("gatehouse_events_sent_total{reader=\"otlp\"}")) ?? nil ?? 0 >= 5
    }
    // Nothing failed, and none is sampled.
    #expect(!server.requests.contains { $0.target == "/v1/traces" })
    try gateway.write(
      services: Services.open(upstream.port, paths: "[\"/items/{id}\", /breaks]"),
      rest: """
        events: { node: edge-4, outputs: [{ otlp: "http://127.0.0.1:\(server.port)" }] }
        """)
    gateway.signal(SIGHUP)
    try Waiting.until("a reload") { gateway.messages.contains("configuration reloaded") }
    let last = try gateway.client().request("GET", "/items/9", told)
    #expect(try gateway.client().request("GET", "/breaks", told).status == 502)
    try Waiting.until("spans") {
      server.requests.filter { $0.target == "/v1/traces" }.count >= 1
    }
    gateway.signal(SIGTERM)
    _ = try gateway.status()
    let result = try Command.run(
      EventOutputTests.collector, ["-c", EventOutputTests.decode, server.folder.path],
      in: gateway.folder)
    // Asking for metrics leaves events too.
    let all = try objects(Data(result.output.utf8)).filter { one in
      (one["attributes"] as? [String: Any])?["gatehouse.route"] as? String != "admin"
    }
    let logs = all.filter { $0["kind"] as? String == "log" }
    let spans = all.filter { $0["kind"] as? String == "span" }
    #expect(logs.count == 7 && spans.count == 2)
    let log = try #require(logs.first)
    #expect((log["resource"] as? [String: Any])?["service.instance.id"] as? String == "edge-4")
    #expect(log["trace"] as? String == trace && log["body"] as? String == "GET /items/7 200")
    let attributes = log["attributes"] as? [String: Any] ?? [:]
    #expect(attributes["url.query"] as? String == "page=2")
    #expect(attributes["http.response.status_code"] as? Int == 200)
    let span = try #require(spans.first { ($0["code"] as? Int) == 0 })
    #expect(span["trace"] as? String == trace && span["parent"] as? String == "b7ad6b7169203331")
    // The upstream saw our span as its parent.
    #expect(last.body.contains("traceparent: 00-\(trace)-\(span["span"] as? String ?? "?")-01"))
    #expect(span["spankind"] as? Int == 2 && (span["nanoseconds"] as? Int ?? 0) > 0)
    let failed = try #require(spans.first { ($0["code"] as? Int) == 2 })
    #expect((failed["attributes"] as? [String: Any])?["error.type"] as? String == "bad-gateway")
    withExtendedLifetime(upstream) {}
  }

  @Test func `ClickHouse gets rows by its HTTP interface, with the user's name and key`() throws {
    let server = try CaptureServer()
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          outputs:
            - clickhouse: http://127.0.0.1:\(server.port)/
              table: logs.events
              user: writer
              password: ${file:secret}
        """, workers: 1, secret: "pass")
    #expect(try gateway.client().request("GET", "/a").status == 200)
    try Waiting.until("rows") { !server.requests.isEmpty }
    let request = try #require(server.requests.first)
    #expect(
      request.target.hasPrefix("/?query=INSERT%20INTO%20logs.events%20FORMAT%20JSONEachRow&"))
    #expect(request.fields["x-clickhouse-user"] == "writer")
    #expect(request.fields["x-clickhouse-key"] == "pass")
    let rows = String(decoding: request.body, as: UTF8.self).split(separator: "\n")
    let row = try JSONSerialization.jsonObject(with: Data(rows[0].utf8)) as? [String: Any]
    #expect(row?["path"] as? String == "/a")
    withExtendedLifetime(upstream) {}
  }

  @Test func `A file is moved aside, compressed, and only so many are kept`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: """
        events:
          outputs: [{ file: out.json, format: ecs, rotate: { size: 64KiB, keep: 2 } }]
        """, workers: 1)
    let client = try gateway.client()
    for number in 0..<1200 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    gateway.signal(SIGTERM)
    _ = try gateway.status()
    let names = try FileManager.default.contentsOfDirectory(atPath: gateway.folder.path)
      .filter { $0.hasPrefix("out.json") }.sorted()
    #expect(names.filter { $0.hasSuffix(".zst") } == ["out.json.1.zst", "out.json.2.zst"])
    withExtendedLifetime(upstream) {}
  }
}
