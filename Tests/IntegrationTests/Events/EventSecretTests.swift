import Foundation
import Testing

/// Secrets that are planted in requests, looked for in everything that leaves the gateway.
@Suite(.serialized) struct EventSecretTests {
  /// Where a secret may stand, and what it looks like there.
  private static let secrets: [String] = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.cGxhbnRlZC1zaWduYXR1cmU", "4111111111111111",
    "planted.person@example.com", "gh_00112233445566778899aabbccddeeff01234567",
    "AKIAPLANTEDPLANTED00", "sk_live_plantedplantedplanted",
  ]

  @Test func `LOG-03: none of what was planted is in any log, output, queue, store or metric`()
    throws
  {
    let syslog = try SyslogServer()
    let server = try CaptureServer()
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.keyed(upstream.port) + "\n    routes: [{ paths: [/] }]",
      rest: Services.consumers + """

        events:
          store: events
          outputs:
            - { file: out.json }
            - { name: second, file: out.ocsf, format: ocsf }
            - { name: third, file: out.ecs, format: ecs }
            - { syslog: "tcp://127.0.0.1:\(syslog.port)" }
            - { webhook: "http://127.0.0.1:\(server.port)/hook" }
            - { otlp: "http://127.0.0.1:\(server.port)" }
            - { clickhouse: "http://127.0.0.1:\(server.port)/click" }
            - { name: dead, webhook: "http://127.0.0.1:9/dead" }
        """, workers: 2)
    let client = try gateway.client()
    let count = 40
    for round in 0..<count {
      for secret in EventSecretTests.secrets {
        let hidden = "hidden-\(round)-planted"
        _ = try client.request(
          "GET", "/a/\(secret)/b?token=\(hidden)&q=\(secret)&api%5Fkey=\(hidden)",
          [
            "X-API-Key: \(round % 2 == 0 ? Services.key : hidden)", "Cookie: sid=\(hidden)",
            "Authorization: Bearer \(secret)", "User-Agent: agent \(secret)",
            "Referer: https://x.test/\(secret)?code=\(hidden)", "X-Request-ID: \(secret)",
          ])
      }
    }
    let total = count * EventSecretTests.secrets.count
    try Waiting.until("all: \(syslog.messages.count)") { syslog.messages.count >= total }
    try Waiting.until("lines") {
      gateway.text(of: "out.ocsf").split(separator: "\n").count >= total
        && gateway.text(of: "out.ecs").split(separator: "\n").count >= total
    }
    let metrics = try Client(port: gateway.adminPort).request(
      "GET", "/metrics", host: "127.0.0.1:\(gateway.adminPort)"
    ).body
    gateway.signal(SIGTERM)
    _ = try gateway.status()
    let found = try Command.run(
      RunningGateway.binary, ["events", "search", "--limit", "10000", "--json"],
      in: gateway.folder
    ).output
    #expect(found.split(separator: "\n").count >= total)
    var places = ["metrics": metrics, "search": found]
    for folder in [gateway.folder, syslog.folder, server.folder] {
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard let data = try? Data(contentsOf: file), file.lastPathComponent != "gatehouse.yaml"
        else { continue }
        places[file.path] = String(decoding: data, as: UTF8.self)
      }
    }
    #expect(places.count > 10)
    for (place, text) in places {
      for secret in EventSecretTests.secrets + ["-planted", Services.key, "planted.person"] {
        #expect(!text.contains(secret), "\(secret) in \(place)")
      }
    }
    withExtendedLifetime(upstream) {}
  }
}
