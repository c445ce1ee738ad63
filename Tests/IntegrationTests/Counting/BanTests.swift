import Foundation
import Testing

/// Who fails too often is kept out, and who is kept out is told to all gateways.
@Suite(.serialized) struct BanTests {
  private func services(_ upstream: UInt16) -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(upstream)]
        policies:
          - api-key: {}
          - abuse-limit: { address: 5/minute, ban: 1h }
        routes: [{ paths: [/] }]
    """
  }

  private func status(_ gateway: RunningGateway, _ key: String) throws -> Int {
    try gateway.client().request("GET", "/", ["X-API-Key: \(key)"]).status
  }

  private func run(
    _ gateway: RunningGateway, _ admin: AdminClient, _ words: [String]
  ) throws -> String {
    let result = try Command.run(
      RunningGateway.binary, words + ["--admin", "http://127.0.0.1:\(gateway.adminPort)"],
      in: gateway.folder, environment: ["GATEHOUSE_TOKEN": admin.token])
    #expect(result.status == 0, "\(words): \(result.output)")
    return result.output
  }

  @Test func `Who guesses keys is kept out, the log says why, and an administrator lifts it`()
    throws
  {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port),
      rest: Services.consumers + "\nstore: { sqlite: gatehouse.db }", workers: 1)
    let admin = try AdminClient(settingUp: gateway)
    #expect(try status(gateway, Services.key) == 200)
    let statuses = try (0..<8).map { try status(gateway, "guess-\($0)") }
    #expect(statuses == [401, 401, 401, 401, 401, 401, 429, 429])
    let refused = try gateway.client().request("GET", "/", ["X-API-Key: \(Services.key)"])
    #expect(refused.status == 429 && refused.fields["retry-after"].flatMap { Int($0) } ?? 0 > 3000)
    try Waiting.until("the log") {
      gateway.messages.contains("ban: 127.0.0.1 is kept out: more than 5/minute")
    }
    try Waiting.until("the ban") {
      (try? self.run(gateway, admin, ["bans", "list"]).contains("127.0.0.1")) == true
    }
    try Waiting.until("the line") {
      gateway.accessLog.contains { $0.contains("address is banned") }
    }
    // Ten minutes later, or after a restart, it is the store that keeps it.
    gateway.signal(SIGTERM)
    _ = try gateway.status()
    try gateway.restart()
    #expect(try status(gateway, Services.key) == 429)
    _ = try run(gateway, admin, ["bans", "remove", "127.0.0.1"])
    let begin = Date()
    try Waiting.until("the end of the ban") { (try? status(gateway, Services.key)) == 200 }
    #expect(Date().timeIntervalSince(begin) < 2)
    #expect(try admin.send("GET", "/v1/audit").body.contains("ban.remove"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `Bans of an administrator hold at all gateways of a database`() throws {
    let (server, upstream) = (try PostgresServer(), try TestUpstream())
    let file = server.folder.appending(path: "master.key")
    try Data((String(repeating: "ab", count: 32) + "\n").utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let rest =
      Services.consumers
      + "\nstore: { postgres: \"\(server.url())\", master-key-file: \(file.path) }"
    let first = try RunningGateway(services: services(upstream.port), rest: rest, workers: 1)
    let admin = try AdminClient(settingUp: first)
    let second = try RunningGateway(services: services(upstream.port), rest: rest, workers: 1)
    #expect(try status(second, Services.key) == 200)
    let made = try admin.send(
      "POST", "/v1/bans", ["target": "127.0.0.0/8", "for": "2s", "reason": "a test"])
    #expect(made.status == 201)
    for gateway in [first, second] {
      try Waiting.until("the ban") { (try? status(gateway, Services.key)) == 429 }
    }
    // It ends by itself.
    for gateway in [first, second] {
      try Waiting.until("its end") { (try? status(gateway, Services.key)) == 200 }
    }
    for body in [
      ["target": "nonsense"], ["target": "0.0.0.0/0"], ["target": "192.0.2.1", "for": "9999d"],
      ["target": "192.0.2.1", "until": "2001-01-01T00:00:00Z"], [:],
    ] as [[String: Any]] {
      #expect(try admin.send("POST", "/v1/bans", body).status == 400, "\(body)")
    }
    #expect(try admin.send("DELETE", "/v1/bans/192.0.2.77", match: "*").status == 404)
    withExtendedLifetime(upstream) {}
  }
}
