import Foundation
import Testing

/// Consumers and keys that are made while the gateway runs.
@Suite(.serialized) struct StoreTests {
  /// A gateway with a store in its folder, and an owner of it.
  private func start() throws -> (RunningGateway, AdminClient, TestUpstream) {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: services(upstream.port), rest: "store: { sqlite: gatehouse.db }")
    return (gateway, try AdminClient(settingUp: gateway), upstream)
  }

  private func services(_ port: UInt16) -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(port)]
        policies: [api-key: {}]
        routes:
          - paths: [/open]
          - paths: [/staff]
            policies: [access: { roles: [staff] }]
          - paths: [/named]
            policies: [access: { consumers: [shop] }]
          - paths: [/orders]
            policies: [access: { scopes: [orders:read] }]
    """
  }

  private func status(_ gateway: RunningGateway, _ path: String, _ key: String) throws -> Int {
    try gateway.client().request("GET", path, ["X-API-Key: \(key)"]).status
  }

  @Test func `A key works as soon as it is made, and no more once it is revoked`() throws {
    let (gateway, admin, upstream) = try start()
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    let made = try admin.send(
      "POST", "/v1/consumers/shop/keys", ["scopes": ["orders:read"]]
    ).object
    let key = try #require(made["key"] as? String)
    let id = try #require(made["id"] as? String)
    try Waiting.until("the key") { (try? status(gateway, "/open", key)) == 200 }
    #expect(try status(gateway, "/named", key) == 200)
    #expect(try status(gateway, "/orders", key) == 200)
    #expect(try status(gateway, "/staff", key) == 403)
    // A role comes by the group that the consumer is in, by a role that inherits it.
    #expect(try admin.send("PUT", "/v1/roles/lead", ["inherits": ["staff"]]).status == 201)
    #expect(try admin.send("PUT", "/v1/groups/g", ["roles": ["lead"]]).status == 201)
    #expect(
      try admin.send("PATCH", "/v1/consumers/shop", ["groups": ["g"]], match: "*").status == 200)
    try Waiting.until("the role") { (try? status(gateway, "/staff", key)) == 200 }
    #expect(try admin.send("PUT", "/v1/roles/lead", ["inherits": []], match: "*").status == 200)
    try Waiting.until("the loss of it") { (try? status(gateway, "/staff", key)) == 403 }
    let start = Date()
    #expect(try admin.send("POST", "/v1/keys/\(id)/revoke").status == 200)
    try Waiting.until("the revocation") { (try? status(gateway, "/open", key)) == 401 }
    #expect(Date().timeIntervalSince(start) < 2)
    withExtendedLifetime(upstream) {}
  }

  @Test func `A key of the store is held against what the description asks for`() throws {
    let upstream = try TestUpstream()
    let description = """
      {"openapi":"3.1.0","paths":{
        "/keyed":{"get":{"security":[{"key":[]}]}},"/token":{"get":{"security":[{"token":[]}]}}},
        "components":{"securitySchemes":{
          "key":{"type":"apiKey","in":"header","name":"x-api-key"},
          "token":{"type":"http","scheme":"bearer"}}}}
      """
    let file = FileManager.default.temporaryDirectory.appending(path: "api-\(UUID()).json")
    try Data(description.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let secret = Data(repeating: 7, count: 32).base64EncodedString()
    let services = """
        - name: described
          upstreams: [http://127.0.0.1:\(upstream.port)]
          policies:
            - any-of:
                ways:
                  - api-key: {}
                  - jwt: { issuer: i, audience: a, secret: "base64:\(secret)" }
            - openapi: { document: \(file.path) }
      """
    let gateway = try RunningGateway(services: services, rest: "store: { sqlite: gatehouse.db }")
    let admin = try AdminClient(settingUp: gateway)
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    let made = try admin.send("POST", "/v1/consumers/shop/keys").object
    let key = try #require(made["key"] as? String)
    try Waiting.until("the key") { (try? status(gateway, "/keyed", key)) == 200 }
    #expect(try status(gateway, "/token", key) == 403)
    withExtendedLifetime(upstream) {}
  }

  @Test func `What was acknowledged is there after the process was killed`() throws {
    let (gateway, admin, upstream) = try start()
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    let made = try admin.send("POST", "/v1/consumers/shop/keys").object
    let key = try #require(made["key"] as? String)
    gateway.signal(SIGKILL)
    _ = try gateway.status()
    try gateway.restart()
    #expect(try status(gateway, "/open", key) == 200)
    #expect(try admin.send("GET", "/v1/consumers/shop").status == 200)
    #expect(!gateway.messages.contains("setup secret"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `Other names, other ways in, and strangers get nothing of the admin API`() throws {
    let (gateway, admin, upstream) = try start()
    let client = try Client(port: gateway.adminPort)
    #expect(try client.request("GET", "/v1/consumers", host: "evil.test").status == 421)
    #expect(try client.request("GET", "/v1/consumers", host: "localhost").status == 401)
    #expect(try client.request("GET", "/openapi.json", host: "localhost").status == 200)
    let through = try gateway.client().request(
      "GET", "/v1/consumers", ["Authorization: Bearer \(admin.token)"])
    #expect(through.status == 404)
    // Answers that come late do not mix with those behind them on one connection.
    try client.send(
      "GET /v1/self HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(admin.token)\r\n\r\n"
        + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try client.answer().body.contains("\"name\":\"owner\""))
    #expect(try client.answer().body == "ok\n")
    withExtendedLifetime(upstream) {}
  }

  @Test func `A client that leaves before its answer harms nobody`() throws {
    let (gateway, admin, upstream) = try start()
    for _ in 0..<30 {
      let client = try Client(port: gateway.adminPort)
      let body = "{\"name\":\"owner\",\"password\":\"wrong wrong wrong\"}"
      try client.send(
        "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    #expect(try admin.send("GET", "/v1/self").status == 200)
    #expect(gateway.isRunning)
    withExtendedLifetime(upstream) {}
  }

  // ADM-01.
  @Test func `Beyond this machine the admin listener asks for TLS, a store and a name`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "remote-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      listeners: [{ bind: 127.0.0.1:18080 }]
      admin: { bind: 0.0.0.0:19901 }
      """
    try Data(text.utf8).write(to: folder.appending(path: "gatehouse.yaml"))
    let (status, output) = try Command.run(RunningGateway.binary, ["check"], in: folder)
    #expect(status == 1)
    for word in ["without TLS", "nobody is asked who he is", "knows no name"] {
      #expect(output.contains(word))
    }
  }
}
