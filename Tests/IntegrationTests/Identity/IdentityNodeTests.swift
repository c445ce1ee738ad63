import Foundation
import Synchronization
import Testing

/// Two gateways on one database, and processes that are killed.
@Suite(.serialized) struct IdentityNodeTests {
  /// A code redeemed by nobody yet, at a server of which another is a twin.
  private func redeem(_ port: UInt16, _ code: String) throws -> Answer {
    try Browser(port).post(
      "/token", IdentityServer.redemption(code), [IdentityServer.basic("web")])
  }

  @Test func `A code and a refresh token are good once on two nodes together`() throws {
    let database = try PostgresServer()
    let keyFile = database.folder.appending(path: "master.key")
    try Data((String(repeating: "ab", count: 32) + "\n").utf8).write(to: keyFile)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile.path)
    let store = "{ postgres: \"\(database.url())\", master-key-file: \(keyFile.path) }"
    let first = try IdentityServer(store: store)
    let admin = try AdminClient(settingUp: first.gateway)
    let second = try RunningGateway(
      services: IdentityServer.services(first.upstream.port),
      rest: IdentityServer.configuration(store: store))

    // A token of one node is good at the other: they have the same keys.
    let token = try first.ownToken()
    #expect(try first.status("/orders", token, port: second.port) == 200)

    // A code that was redeemed here is refused there, and what was got by it ends.
    let code = try first.code(first.browser())
    let tokens = try redeem(first.gateway.port, code).object
    let access = try #require(tokens["access_token"] as? String)
    let refresh = try #require(tokens["refresh_token"] as? String)
    #expect(try first.status("/orders", access, port: second.port) == 200)
    #expect(try redeem(second.port, code).error == "invalid_grant")
    func again(_ token: String, _ port: UInt16) throws -> Answer {
      try first.post(
        "/token", [("grant_type", "refresh_token"), ("refresh_token", token)], as: "web",
        port: port)
    }
    #expect(try again(refresh, first.gateway.port).error == "invalid_grant")
    try Waiting.until("the revocation at both") {
      (try? first.status("/orders", access)) == 401
        && (try? first.status("/orders", access, port: second.port)) == 401
    }

    // Many try the same code at once: one succeeds at most, and then nobody keeps anything.
    let contested = try first.code(first.browser())
    let outcomes = Outcomes()
    let ports = [first.gateway.port, second.port]
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      let port = ports[number % 2]
      outcomes.add((try? redeem(port, contested))?.status ?? 0)
    }
    #expect(outcomes.all.filter { $0 == 200 }.count == 1, "\(outcomes.all)")
    #expect(outcomes.all.filter { $0 == 400 }.count == 7, "\(outcomes.all)")

    // A refresh token that comes twice at once ends its family.
    let family = try first.tokens(first.browser())
    let one = try #require(family["refresh_token"] as? String)
    let next = try again(one, second.port)
    let two = try #require(next.object["refresh_token"] as? String)
    #expect(try again(one, first.gateway.port).error == "invalid_grant")
    #expect(try again(two, second.port).error == "invalid_grant")

    // A user who is disabled is refused at both gateways within a second.
    let made = try admin.send(
      "POST", "/v1/users",
      ["name": "carol", "password": IdentityServer.password, "roles": ["staff"]])
    #expect(made.status == 201, "\(made.body)")
    let id = try #require(made.object["id"] as? String)
    let browser = first.browser()
    let answer = try first.signIn(browser, first.authorize(browser), as: "Carol")
    let parameters = try #require(Browser.parameters(answer, at: IdentityServer.callback))
    let hers = try redeem(second.port, parameters["code"] ?? "").object
    let bearer = try #require(hers["access_token"] as? String)
    #expect(try first.status("/staff", bearer) == 200)
    #expect(try first.status("/staff", bearer, port: second.port) == 200)
    let start = Date()
    #expect(
      try admin.send("PATCH", "/v1/users/\(id)", ["disabled": true], match: "*").status == 200)
    try Waiting.until("the refusal at both") {
      (try? first.status("/staff", bearer)) == 401
        && (try? first.status("/staff", bearer, port: second.port)) == 401
    }
    #expect(Date().timeIntervalSince(start) < 1)
    let silent = try first.authorize(browser, ["prompt": "none"])
    #expect(Browser.parameters(silent, at: IdentityServer.callback)?["error"] == "login_required")

    // Without the database nothing is issued, and what was issued is still taken; after a restart
    // as well.
    database.stop()
    #expect(try first.status("/orders", token) == 200)
    let refused = try first.browser().get(
      "/authorize?" + Browser.encoded(IdentityServer.request()))
    #expect(refused.status == 503 || refused.fields["location"]?.contains("unavailable") == true)
    second.signal(SIGKILL)
    _ = try second.status()
    try second.restart()
    #expect(try first.status("/orders", token, port: second.port) == 200)
    database.end()
  }

  @Test func `A kill loses no answered grant and makes no token good twice`() throws {
    let server = try IdentityServer()
    var refresh = try #require(server.tokens(server.browser())["refresh_token"] as? String)
    for round in 0..<3 {
      let codes = try (0..<4).map { _ in try server.code(server.browser()) }
      let used = try redeem(server.gateway.port, codes[0])
      #expect(used.status == 200)
      let next = try server.post(
        "/token", [("grant_type", "refresh_token"), ("refresh_token", refresh)], as: "web")
      let new = try #require(next.object["refresh_token"] as? String)
      // While it is killed, somebody redeems.
      let port = server.gateway.port
      let racing = Outcomes()
      let group = DispatchGroup()
      for code in codes[1...2] {
        DispatchQueue.global().async(group: group) {
          racing.add((try? redeem(port, code))?.status ?? 0)
        }
      }
      server.gateway.signal(SIGKILL)
      _ = try server.gateway.status()
      group.wait()
      try server.gateway.restart()
      #expect(try redeem(server.gateway.port, codes[0]).error == "invalid_grant")
      #expect(try redeem(server.gateway.port, codes[3]).status == 200)
      let again = try codes[1...2].map { try redeem(server.gateway.port, $0).status }
      for (first, second) in zip(racing.all.sorted(), again.sorted()) {
        // Answered before the kill or written without an answer: never twice.
        #expect(first != 200 || second != 200 || racing.all.count < 2, "\(round)")
      }
      #expect(
        (racing.all + again).filter { $0 == 200 }.count <= 2, "\(racing.all) \(again)")
      let after = try server.post(
        "/token", [("grant_type", "refresh_token"), ("refresh_token", new)], as: "web")
      #expect(after.status == 200, "\(round) \(after.body)")
      refresh = try #require(after.object["refresh_token"] as? String)
    }
  }
}

/// Statuses that several threads have seen.
private final class Outcomes: Sendable {
  private let held = Mutex<[Int]>([])

  func add(_ status: Int) { held.withLock { $0.append(status) } }
  var all: [Int] { held.withLock { $0 } }
}
