import Foundation
import Testing

/// Attacks on a running gateway become alerts, wherever alerts can be asked for.
@Suite(.serialized) struct DetectionTests {
  private func services(_ port: UInt16) -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(port)]
        policies: [api-key: {}]
        routes: [{ paths: [/orders] }]
      - name: open
        upstreams: [http://127.0.0.1:\(port)]
        public: true
        routes: [{ paths: [/shop, /backup] }]
    """
  }

  private func alerts(_ admin: AdminClient) throws -> [[String: Any]] {
    try admin.send("GET", "/v1/alerts").object["items"] as? [[String: Any]] ?? []
  }

  @Test func `Who guesses keys is told in the log, the metrics, the admin API and the command`()
    throws
  {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port),
      rest: """
        store: { sqlite: gatehouse.db }
        detection: { honey: { paths: [/backup/] } }
        """)
    let admin = try AdminClient(settingUp: gateway)
    for number in 0..<40 {
      let key = "wrong-key-\(number)-secret"
      #expect(try gateway.client().request("GET", "/orders", ["X-API-Key: \(key)"]).status == 401)
    }
    #expect(try gateway.client().request("GET", "/backup/db.tar?token=abc", []).status == 200)
    try Waiting.until("both alerts") { (try? alerts(admin).count) == 2 }
    let found = try alerts(admin)
    let guessing = try #require(found.first { $0["detector"] as? String == "key-guessing" })
    #expect(guessing["state"] as? String == "open")
    #expect(guessing["about"] as? String == "address 127.0.0.1")
    let honey = try #require(found.first { $0["detector"] as? String == "honey" })
    #expect(honey["severity"] as? String == "critical")
    #expect("\(honey)".contains("/backup/db.tar") && !"\(honey)".contains("abc"))
    // No key that was tried stands anywhere.
    #expect(!"\(found)".contains("wrong-key") && !gateway.messages.contains("wrong-key"))
    #expect(gateway.messages.contains("Many keys or tokens are tried from one source"))
    let id = try #require(guessing["id"] as? String)
    let one = try admin.send("GET", "/v1/alerts/\(id)")
    #expect(one.status == 200 && one.object["id"] as? String == id)
    #expect(try gateway.metric("gatehouse_alerts_total{detector=\"key-guessing\"}") == 1)
    withExtendedLifetime(upstream) {}
  }

  // SEC-16.
  @Test func `A key that was left to be found raises an alert at its first use`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port),
      rest: """
        consumers:
          - name: ghost
            api-keys: [{ hash: "sha256:\(Services.digest)" }]
        store: { sqlite: gatehouse.db }
        detection: { honey: { consumers: [ghost] } }
        """)
    let admin = try AdminClient(settingUp: gateway)
    let answer = try gateway.client().request("GET", "/orders", ["X-API-Key: \(Services.key)"])
    #expect(answer.status == 200)
    try Waiting.until("the alert") { (try? alerts(admin).count) == 1 }
    let alert = try #require(try alerts(admin).first)
    #expect(alert["detector"] as? String == "honey")
    #expect(alert["severity"] as? String == "critical" && "\(alert)".contains("ghost"))
    #expect(!"\(alert)".contains(Services.key))
    withExtendedLifetime(upstream) {}
  }

  @Test func `Endpoints are discovered, drafted, and held against a description`() throws {
    let upstream = try TestUpstream()
    let description = """
      {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"paths":{
        "/shop/orders/{id}":{"get":{"responses":{}}},
        "/shop/unused":{"get":{"responses":{}}}}}
      """
    let file = FileManager.default.temporaryDirectory.appending(path: "api-\(UUID()).json")
    try description.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let gateway = try RunningGateway(
      services: """
          - name: open
            openapi: \(file.path)
            upstreams: [http://127.0.0.1:\(upstream.port)]
            public: true
            policies: [openapi: { mode: report }]
            routes: [{ paths: [/shop] }]
        """,
      rest: """
        store: { sqlite: gatehouse.db }
        detection: on
        """)
    let admin = try AdminClient(settingUp: gateway)
    for path in ["/shop/orders/17", "/shop/orders/18?limit=5", "/shop/debug"] {
      #expect(try gateway.client().request("GET", path, []).status == 200)
    }
    func items() throws -> [[String: Any]] {
      try admin.send("GET", "/v1/discovery/endpoints?service=open").object["items"]
        as? [[String: Any]] ?? []
    }
    try Waiting.until("three endpoints") { (try? items().count) == 3 }
    let standings = try items().map { "\($0["path"] ?? "") \($0["standing"] ?? "")" }
    #expect(
      Set(standings) == [
        "/shop/orders/{id} described", "/shop/debug shadow", "/shop/unused unused",
      ])
    let draft = try admin.send("GET", "/v1/discovery/description/open").body
    #expect(draft.contains("\"openapi\":\"3.1.0\"") && draft.contains("/shop/orders/{id}"))
    #expect(!draft.contains("17"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `Nothing is looked for unless it is chosen, and a reload chooses`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port), rest: "store: { sqlite: gatehouse.db }")
    let admin = try AdminClient(settingUp: gateway)
    #expect(try admin.send("GET", "/v1/alerts").status == 409)
    try gateway.write(
      services: services(upstream.port),
      rest: """
        store: { sqlite: gatehouse.db }
        detection: { honey: { paths: [/backup/] } }
        """)
    gateway.signal(SIGHUP)
    try Waiting.until("detection") { (try? admin.send("GET", "/v1/alerts").status) == 200 }
    #expect(try gateway.client().request("GET", "/backup/x", []).status == 200)
    try Waiting.until("the alert") { (try? alerts(admin).count) == 1 }
    withExtendedLifetime(upstream) {}
  }

  @Test func `An alert is mailed, also if the mail server comes later`() throws {
    let upstream = try TestUpstream()
    let (port, _) = try Socket.freePorts()
    let gateway = try RunningGateway(
      services: services(upstream.port),
      rest: """
        events:
          node: gate1
          outputs:
            - { mail: "smtp://127.0.0.1:\(port)", from: gate@x.test, to: [soc@x.test, two@x.test] }
        detection: { honey: { paths: [/backup/] } }
        """)
    #expect(try gateway.client().request("GET", "/backup/db.tar", []).status == 200)
    try Waiting.until("a failed try") { gateway.messages.contains("the output mail") }
    let mails = gateway.folder.appending(path: "mails")
    try Data().write(to: mails)
    let server = Process()
    server.executableURL = URL(filePath: "/usr/bin/python3")
    server.arguments = [
      "-u", "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Debugging", "stdout", "-l",
      "127.0.0.1:\(port)",
    ]
    server.standardOutput = try FileHandle(forWritingTo: mails)
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer { server.terminate() }
    func text() -> String { (try? String(contentsOf: mails, encoding: .utf8)) ?? "" }
    try Waiting.until("the mail") { text().contains("END MESSAGE") }
    #expect(text().contains("Subject: [gatehouse gate1] Somebody touched"))
    #expect(text().contains("To: soc@x.test,"))
    withExtendedLifetime(upstream) {}
  }
}
