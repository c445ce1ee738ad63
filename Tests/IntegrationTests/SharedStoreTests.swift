import Foundation
import Testing

/// Two gateways on one database of PostgreSQL.
@Suite(.serialized) struct SharedStoreTests {
  private func services(_ port: UInt16) -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(port)]
        policies: [api-key: {}]
        routes: [{ paths: [/] }]
    """
  }

  private func status(_ gateway: RunningGateway, _ key: String) throws -> Int {
    try gateway.client().request("GET", "/", ["X-API-Key: \(key)"]).status
  }

  @Test func `A key made at one gateway works at the other, until it is revoked at both`() throws {
    let (server, upstream) = (try PostgresServer(), try TestUpstream())
    let keyFile = server.folder.appending(path: "master.key")
    try Data((String(repeating: "ab", count: 32) + "\n").utf8).write(to: keyFile)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile.path)
    let store = """
      store: { postgres: "\(server.url())", master-key-file: \(keyFile.path) }
      """
    let first = try RunningGateway(services: services(upstream.port), rest: store)
    let admin = try AdminClient(settingUp: first)
    let second = try RunningGateway(services: services(upstream.port), rest: store)
    let other = AdminClient(of: second, token: admin.token)
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    let made = try other.send("POST", "/v1/consumers/shop/keys").object
    let key = try #require(made["key"] as? String)
    let id = try #require(made["id"] as? String)
    let start = Date()
    try Waiting.until("the key") {
      (try? status(first, key)) == 200 && (try? status(second, key)) == 200
    }
    #expect(Date().timeIntervalSince(start) < 2)
    let kept = try other.send("POST", "/v1/consumers/shop/keys").object
    let good = try #require(kept["key"] as? String)
    try Waiting.until("the second key") { (try? status(first, good)) == 200 }
    let revoked = Date()
    #expect(try other.send("POST", "/v1/keys/\(id)/revoke").status == 200)
    try Waiting.until("the revocation") {
      (try? status(first, key)) == 401 && (try? status(second, key)) == 401
    }
    #expect(Date().timeIntervalSince(revoked) < 2)

    // The database is lost: requests go on, changes are refused, and a restart changes nothing.
    server.stop()
    for _ in 0..<50 {
      #expect(try status(first, good) == 200)
      #expect(try status(first, key) == 401)
    }
    #expect(try admin.send("POST", "/v1/consumers", ["name": "late"]).status == 503)
    first.signal(SIGKILL)
    _ = try first.status()
    try first.restart()
    #expect(try status(first, good) == 200)
    #expect(try status(first, key) == 401)

    // It is back: what is changed at one gateway reaches the other again.
    try server.start()
    try Waiting.until("the database") {
      (try? admin.send("POST", "/v1/consumers", ["name": "late"]).status) == 201
    }
    let late = try #require(
      try admin.send("POST", "/v1/consumers/late/keys").object["key"] as? String)
    try Waiting.until("the key of afterwards") {
      (try? status(first, late)) == 200 && (try? status(second, late)) == 200
    }
    withExtendedLifetime(upstream) {}
  }
}
