import Blueprint
import Formats
import Testing

@Suite struct EventsBlueprintTests {
  private func text(_ events: String) -> String {
    """
    listeners: [{ bind: 127.0.0.1:8080 }]
    services:
      - { name: shop, upstreams: [http://127.0.0.1:1], public: true }
    \(events)
    """
  }

  private func errors(_ events: String) -> [String] { complaints(text(events)) }

  @Test func `What becomes of events is read, each output with what it is made of`() throws {
    let events = try #require(
      read(
        text(
          """
          events:
            node: edge-1
            store: { path: ev, size: 1GiB, age: 30d }
            outputs:
              - { file: out.json, format: ocsf, rotate: { size: 1MiB, keep: 3 } }
              - { name: siem, syslog: "tls://[2001:db8::1]:6514", events: notable, queue: 0 }
              - { otlp: "http://c:4318", sample: 25%, signals: [traces] }
              - { webhook: "https://h.test/x", secret: "${env:PORT}", headers: { X-Team: blue } }
              - { clickhouse: "http://c:8123/", table: a.b }
          """
        )
      ).blueprint
    ).events
    #expect(events.node == "edge-1" && events.hasSpans)
    #expect(events.store?.sizeBytes == 1 << 30)
    #expect(events.store?.ageMilliseconds == 30 * 86_400_000)
    #expect(events.outputs.map(\.name) == ["file", "siem", "otlp", "webhook", "clickhouse"])
    guard case .file(let path, 1_048_576, 3) = events.outputs[0].target else {
      Issue.record("no file")
      return
    }
    #expect(path.string == "out.json" && events.outputs[0].form == .ocsf)
    guard case .syslog(let host, 6514, true) = events.outputs[1].target else {
      Issue.record("no syslog")
      return
    }
    #expect(host.string == "2001:db8::1" && events.outputs[1].selection == .notable)
    #expect(events.outputs[1].queueBytes == 0)
    guard case .otlp(_, let otlp) = events.outputs[2].target else {
      Issue.record("no collector")
      return
    }
    #expect(!otlp.hasLogs && otlp.hasTraces && otlp.sample == 0.25)
    #expect(otlp.metricsMilliseconds == nil)
    #expect(events.outputs[3].fields.map(\.name) == ["x-team"])
  }

  @Test func `Nothing becomes of events unless it is asked for`() throws {
    let events = try #require(read(text("")).blueprint).events
    #expect(events.store == nil && events.outputs.isEmpty && !events.hasSpans)
    #expect(errors("events: { store: folder }").isEmpty)
  }

  @Test(arguments: [
    ("events: { stores: x }", "stores"), ("events: { node: \"a b\" }", "node"),
    ("events: { store: { size: 1GiB } }", "'path' is missing"),
    ("events: { store: { path: x, size: 1KiB } }", "size"),
    ("events: { outputs: [{}] }", "says not where to"),
    ("events: { outputs: [{ file: a, otlp: \"http://c\" }] }", "says twice where to"),
    ("events: { outputs: [{ file: a }, { file: b }] }", "is there twice"),
    ("events: { outputs: [{ webhook: \"ftp://h\" }] }", "a URL of http or https"),
    ("events: { outputs: [{ webhook: \"http://h\", secret: plain }] }", "plain text"),
    ("events: { outputs: [{ clickhouse: \"http://h\", password: plain }] }", "plain text"),
    ("events: { outputs: [{ kafka: \"h:9092\" }] }", "kafka"),
    ("events: { outputs: [{ kafka: \"tcp://h:0\" }] }", "kafka"),
    ("events: { outputs: [{ kafka: \"tcp://h:1,,g:2\" }] }", "kafka"),
    ("events: { outputs: [{ kafka: \"tcp://h:1\", topic: \"a b\" }] }", "topic"),
    ("events: { outputs: [{ kafka: \"tcp://h:1\", user: me }] }", "go together"),
    ("events: { outputs: [{ clickhouse: \"http://h\", table: \"a; DROP\" }] }", "table"),
    ("events: { outputs: [{ syslog: \"udp://h:514\" }] }", "tcp://HOST:PORT"),
    ("events: { outputs: [{ syslog: \"tcp://h\" }] }", "tcp://HOST:PORT"),
    ("events: { outputs: [{ syslog: \"tcp://h:0\" }] }", "tcp://HOST:PORT"),
    ("events: { outputs: [{ otlp: \"http://h\", signals: [profiles] }] }", "profiles"),
    ("events: { outputs: [{ file: a, format: xml }] }", "xml"),
    ("events: { outputs: [{ file: a, headers: { \"a b\": c } }] }", "names of fields"),
  ])
  func `What is wrong with it is told`(events: String, word: String) {
    let errors = errors(events)
    #expect(errors.count >= 1 && errors.contains { $0.contains(word) }, "\(errors)")
  }
}
