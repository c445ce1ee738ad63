import Foundation
import Testing

/// Plans and what is used of them, kept in a store.
@Suite(.serialized) struct QuotaTests {
  private static let plans = """
    plans:
      - name: free
        default: true
        quotas: [{ limit: 6/day, warn: 50% }]
        time-zone: Pacific/Kiritimati
      - name: gold
        limits: [1000/second]
        quotas: [20/day, 500/month]
        time-zone: Pacific/Kiritimati
    """

  private func services(_ upstream: UInt16) -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(upstream)]
        policies: [api-key: {}, plan: {}]
        routes: [{ paths: [/] }]
    """
  }

  private func rest(_ store: String) -> String {
    QuotaTests.plans + "\n" + Services.consumers + "\n" + store
  }

  private func statuses(_ gateway: RunningGateway, _ count: Int, key: String = Services.key) throws
    -> [Int]
  {
    let client = try gateway.client()
    return try (0..<count).map { _ in
      try client.request("GET", "/", ["X-API-Key: \(key)"]).status
    }
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

  /// What the database of a gateway holds.
  private func stored(_ gateway: RunningGateway) throws -> Int? {
    let program =
      "import sqlite3; print(sqlite3.connect('gatehouse.db').execute("
      + "'SELECT sum(total) FROM usage_counts').fetchone()[0])"
    let output = try Command.run(
      URL(filePath: "/usr/bin/python3"), ["-c", program], in: gateway.folder
    ).output
    return Int(output.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// What a gateway knows of what the consumer has used.
  private func used(_ gateway: RunningGateway, _ admin: AdminClient) throws -> Int? {
    let told = try AdminClient(of: gateway, token: admin.token).send(
      "GET", "/v1/consumers/mobile-app/usage"
    ).object
    return (told["quotas"] as? [[String: Any]])?.first?["used"] as? Int
  }

  /// RTL-06: what was used outlives a restart, and a kill loses no more than a second of it.
  @Test func `What was used is kept through restarts and crashes, and everybody can see it`() throws
  {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port), rest: rest("store: { sqlite: gatehouse.db }"), workers: 2)
    let admin = try AdminClient(settingUp: gateway)
    #expect(try statuses(gateway, 2) == [200, 200])
    let third = try gateway.client().request("GET", "/", ["X-API-Key: \(Services.key)"])
    #expect(third.fields["ratelimit-policy"] == "\"day-6\";q=6;w=86400")
    #expect(third.fields["ratelimit"]?.hasPrefix("\"day-6\";r=3;t=") == true)
    #expect(third.fields["quota-warning"] == "\"day\";used=3;limit=6")
    try Waiting.until("the log") { gateway.messages.contains("mobile-app has used 50% of 6") }
    let shown = try run(gateway, admin, ["usage", "show", "mobile-app"])
    #expect(shown.contains("free") && shown.contains("day"))
    let told = try admin.send("GET", "/v1/consumers/mobile-app/usage").object
    let quota = try #require((told["quotas"] as? [[String: Any]])?.first)
    #expect(quota["used"] as? Int == 3 && quota["remaining"] as? Int == 3)
    #expect(quota["resets"] as? String ?? "" > "2026" && told["by-default"] as? Bool == true)
    #expect((quota["resets"] as? String)?.hasSuffix("T10:00:00Z") == true)
    #expect(try admin.send("GET", "/v1/consumers/nobody/usage").status == 404)
    gateway.signal(SIGTERM)
    _ = try gateway.status()
    try gateway.restart()
    #expect(try statuses(gateway, 1) == [200])
    // A second later it is in the store, whatever happens.
    try Waiting.until("the store") { (try? stored(gateway)) == 4 }
    gateway.signal(SIGKILL)
    _ = try gateway.status()
    try gateway.restart()
    #expect(try statuses(gateway, 4) == [200, 200, 429, 429])
    let refused = try gateway.client().request("GET", "/", ["X-API-Key: \(Services.key)"])
    #expect(refused.problem == "quota-exceeded")
    #expect(Int(refused.fields["retry-after"] ?? "") ?? 0 > 0)
    #expect(try run(gateway, admin, ["usage", "list"]).contains("mobile-app"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A consumer of the store has the plan that it is given, at once`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port), rest: rest("store: { sqlite: gatehouse.db }"), workers: 1)
    let admin = try AdminClient(settingUp: gateway)
    _ = try run(gateway, admin, ["consumers", "add", "shop"])
    let made = try admin.send("POST", "/v1/consumers/shop/keys", [:]).object
    let key = try #require(made["key"] as? String)
    try Waiting.until("the key") { (try? statuses(gateway, 1, key: key)) == [200] }
    #expect(try statuses(gateway, 6, key: key).filter { $0 == 200 }.count == 5)
    _ = try run(gateway, admin, ["consumers", "set", "shop", "--plan", "gold"])
    try Waiting.until("the plan") { (try? statuses(gateway, 1, key: key)) == [200] }
    // What was used goes along.
    #expect(try statuses(gateway, 20, key: key).filter { $0 == 200 }.count == 13)
    #expect(
      try admin.send("PATCH", "/v1/consumers/shop", ["plan": "platinum"], match: "*").status == 400)
    _ = try run(gateway, admin, ["consumers", "set", "shop", "--plan", "none"])
    let shown = try admin.send("GET", "/v1/consumers/shop/usage").object
    #expect(shown["plan"] as? String == "free")
    withExtendedLifetime(upstream) {}
  }

  /// RTL-05, RTL-06: two gateways on one database; one hears of what the other let through within
  /// two seconds.
  @Test func `Gateways on one database share what was used`() throws {
    let (server, upstream) = (try PostgresServer(), try TestUpstream())
    let file = server.folder.appending(path: "master.key")
    try Data((String(repeating: "ab", count: 32) + "\n").utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let store = "store: { postgres: \"\(server.url())\", master-key-file: \(file.path) }"
    let first = try RunningGateway(services: services(upstream.port), rest: rest(store), workers: 1)
    let admin = try AdminClient(settingUp: first)
    let gateways = [
      first,
      try RunningGateway(services: services(upstream.port), rest: rest(store), workers: 1),
    ]
    let begin = Date()
    #expect(try statuses(gateways[0], 4) == [200, 200, 200, 200])
    try Waiting.until("the other's count") { (try? used(gateways[1], admin)) == 4 }
    #expect(Date().timeIntervalSince(begin) < 3)
    #expect(try statuses(gateways[1], 4) == [200, 200, 429, 429])
    try Waiting.until("the other's count") { (try? used(gateways[0], admin)) == 6 }
    #expect(try statuses(gateways[0], 1) == [429])
    // Without the database each goes on counting by itself, and what it counted is told later.
    server.stop()
    #expect(try statuses(gateways[0], 1) == [429])
    try Waiting.until("the log") { gateways[0].messages.contains("not kept in the store") }
    try server.start()
    try Waiting.until("the log") { gateways[0].messages.contains("kept in the store again") }
    withExtendedLifetime(upstream) {}
  }
}
