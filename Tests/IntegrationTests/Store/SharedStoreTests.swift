import Crypto
import Formats
import Foundation
import JOSE
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

  /// A store in the database of `server`, under a master key beside it.
  private func store(_ server: PostgresServer) throws -> String {
    let file = server.folder.appending(path: "master.key")
    try Data((String(repeating: "ab", count: 32) + "\n").utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    return "store: { postgres: \"\(server.url())\", master-key-file: \(file.path) }"
  }

  // What is remembered of a password or a token for a minute is of no help to a consumer that was
  // disabled, at any gateway.
  // JWT-26.
  @Test func `A disabled consumer is refused by all gateways, whatever it shows`() throws {
    let (server, upstream) = (try PostgresServer(), try TestUpstream())
    let hash = try Command.run(
      RunningGateway.binary, ["hash-password"], in: server.folder, input: "open sesame\n"
    ).output.trimmingCharacters(in: .whitespacesAndNewlines)
    let secret = [UInt8](repeating: 7, count: 32)
    let services = """
        - name: passwords
          upstreams: [http://127.0.0.1:\(upstream.port)]
          routes: [{ paths: [/passwords] }]
          policies:
            - basic: { users: [{ name: carol, password: "\(hash)", consumer: shop }] }
        - name: tokens
          upstreams: [http://127.0.0.1:\(upstream.port)]
          routes: [{ paths: [/tokens] }]
          policies:
            - jwt: { issuer: i, audience: a, consumers-only: true,
                secret: "base64:\(Data(secret).base64EncodedString())" }
            - access: { consumers: [shop] }
      """
    let end = Int(Date().timeIntervalSince1970) + 600
    let token = try SignatureWriter(JSONWebKey(.secret(SymmetricKey(secret))), .hs256).sign(
      Array(#"{"iss":"i","aud":"a","sub":"shop","exp":\#(end)}"#.utf8))
    let store = try store(server)
    let first = try RunningGateway(services: services, rest: store)
    let admin = try AdminClient(settingUp: first)
    let second = try RunningGateway(services: services, rest: store)
    let shown = [
      "/passwords": "Basic " + Data("carol:open sesame".utf8).base64EncodedString(),
      "/tokens": "Bearer \(token)",
    ]
    func all(_ status: Int) -> Bool {
      [first, second].allSatisfy { gateway in
        shown.allSatisfy { path, value in
          let answer = try? gateway.client().request("GET", path, ["Authorization: \(value)"])
          return answer?.status == status
        }
      }
    }
    #expect(all(401))
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    try Waiting.until("the consumer") { all(200) }
    let changed = Date()
    #expect(
      try admin.send("PATCH", "/v1/consumers/shop", ["disabled": true], match: "*").status == 200)
    try Waiting.until("the refusal") { all(401) }
    #expect(Date().timeIntervalSince(changed) < 2)
    #expect(
      try admin.send("PATCH", "/v1/consumers/shop", ["disabled": false], match: "*").status == 200)
    try Waiting.until("the consumer again") { all(200) }
    let removed = Date()
    #expect(try admin.send("DELETE", "/v1/consumers/shop", match: "*").status < 300)
    try Waiting.until("the refusal again") { all(401) }
    #expect(Date().timeIntervalSince(removed) < 2)
    withExtendedLifetime(upstream) {}
  }

  private func status(_ gateway: RunningGateway, _ key: String) throws -> Int {
    try gateway.client().request("GET", "/", ["X-API-Key: \(key)"]).status
  }

  @Test func `A key made at one gateway works at the other, until it is revoked at both`() throws {
    let (server, upstream) = (try PostgresServer(), try TestUpstream())
    let store = try store(server)
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
