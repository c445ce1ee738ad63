import Control
import Crypto
import Formats
import Storage
import Testing

@Suite struct AdminAPITests {
  private func ready() throws -> AdminBench {
    let bench = try AdminBench()
    try bench.setUp()
    return bench
  }

  // MARK: Who may what

  private static let roles = ["viewer", "operator", "security", "owner"]

  /// What each role may do, written down once more so that a slip in the program is seen.
  private static let allowed: [String: Set<String>] = [
    "viewer": ["read", "own"],
    "operator": ["read", "own", "consumers", "keys", "revoke", "bans", "cache", "roles"],
    "security": ["read", "own", "revoke", "bans", "cache", "roles", "audit", "store", "accounts"],
    "owner": [
      "read", "own", "consumers", "keys", "revoke", "bans", "cache", "roles", "audit", "store",
      "accounts", "administrators",
    ],
  ]

  // ADM-04.
  @Test func `Every role gets at every endpoint what it may, and nothing else`() throws {
    let bench = try ready()
    bench.addRoles()
    var asked = 0
    for operation in bench.api.operations {
      let path = operation.path.split(separator: "/").map { $0.hasPrefix("{") ? "none" : $0 }
        .reduce("") { $0 + "/" + $1 }
      let stranger = bench.send(operation.method, path, token: "gha_wrong")
      let nobody = bench.send(operation.method, path)
      guard let permission = operation.permission?.rawValue else {
        #expect(nobody.status == 415)
        continue
      }
      #expect(nobody.status == 401 && nobody.problem == "credentials-required")
      #expect(nobody.field("www-authenticate")?.hasPrefix("Bearer ") == true)
      #expect(stranger.status == 401 && stranger.problem == "credentials-invalid")
      for role in AdminAPITests.roles {
        let answer = bench.send(
          operation.method, path + (operation.method == "GET" ? "" : "?dry-run=true"), as: role)
        let isAllowed = AdminAPITests.allowed[role]?.contains(permission) == true
        #expect(
          (answer.status == 403) == !isAllowed,
          "\(role) \(operation.method) \(path): \(answer.status)")
        #expect(answer.status != 401 && answer.status != 500)
        asked += 1
      }
    }
    #expect(asked > 100)
  }

  // ADM-19.
  @Test func `A token has the permissions it was made with, and never more than its owner`() throws
  {
    let bench = try ready()
    bench.addRoles()
    let made = bench.send(
      "POST", "/v1/tokens", as: "operator", ["permissions": ["read"], "note": "ci"])
    #expect(made.status == 201)
    let token = try #require(made.body["token"]?.string)
    #expect(bench.send("GET", "/v1/consumers", token: token).status == 200)
    #expect(bench.send("POST", "/v1/consumers", ["name": "x"], token: token).status == 403)
    #expect(
      bench.send("POST", "/v1/tokens", as: "viewer", ["permissions": ["consumers"]]).status == 403)
    // What the owner loses, his tokens lose as well.
    let now = bench.send("GET", "/v1/administrators/operator", as: "owner")
    let disabled = bench.send(
      "PATCH", "/v1/administrators/operator", as: "owner", ["disabled": true], match: now.tag)
    #expect(disabled.status == 200)
    #expect(bench.send("GET", "/v1/consumers", token: token).status == 401)
  }

  // ADM-19.
  @Test func `A token ends when its time is over, or when it is revoked`() throws {
    let bench = try ready()
    let short = bench.send("POST", "/v1/tokens", as: "owner", ["expires-in": "1h"])
    let token = try #require(short.body["token"]?.string)
    #expect(bench.send("GET", "/v1/self", token: token).status == 200)
    bench.time.advance(milliseconds: 3_600_000)
    #expect(bench.send("GET", "/v1/self", token: token).status == 401)
    let other = bench.send("POST", "/v1/tokens", as: "owner", .object([JSONMember]()))
    let id = try #require(other.body["id"]?.string)
    #expect(bench.send("DELETE", "/v1/tokens/\(id)", as: "owner").status == 204)
    let revoked = bench.send("GET", "/v1/self", token: other.body["token"]?.string)
    #expect(revoked.status == 401)
    #expect(bench.send("POST", "/v1/tokens", as: "owner", ["expires-in": "400d"]).status == 400)
  }

  // MARK: The first start

  // ADM-02.
  @Test func `The setup secret makes one owner, once, within its hour`() throws {
    let bench = try AdminBench()
    let secret = try #require(try bench.api.makeSetupSecret())
    func setUp(_ secret: String, _ name: String, client: String = "127.0.0.1") -> AdminReply {
      bench.send(
        "POST", "/v1/setup",
        ["secret": .string(secret), "name": .string(name), "password": "long enough for this"],
        client: client)
    }
    #expect(setUp("ghs_wrong", "a").status == 401)
    bench.time.advance(milliseconds: 3_600_000)
    #expect(setUp(secret, "a").status == 401)
    let next = try #require(try bench.api.makeSetupSecret())
    #expect(
      bench.send("POST", "/v1/setup", ["secret": .string(next), "name": "a", "password": "short"])
        .status == 400)
    #expect(setUp(next, "a").status == 201)
    #expect(setUp(next, "b").status == 401)
    #expect(try bench.api.makeSetupSecret() == nil)
  }

  // ADM-07.
  @Test func `Whoever guesses has to wait, and the owner's token goes on`() throws {
    let bench = try ready()
    func logIn(_ password: String, client: String) -> AdminReply {
      bench.send(
        "POST", "/v1/sessions", ["name": "owner", "password": .string(password)], client: client)
    }
    for _ in 0..<3 { #expect(logIn("wrong", client: "192.0.2.9").status == 401) }
    let refused = logIn(AdminBench.password, client: "192.0.2.9")
    #expect(refused.status == 429)
    #expect(Int(refused.field("retry-after") ?? "") ?? 0 > 0)
    // From elsewhere he gets in, and who is in stays in.
    #expect(logIn(AdminBench.password, client: "127.0.0.1").status == 201)
    #expect(bench.send("GET", "/v1/self", as: "owner").status == 200)
    bench.time.advance(milliseconds: 5000)
    #expect(logIn(AdminBench.password, client: "192.0.2.9").status == 201)
  }

  // SEC-02.
  @Test func `A login keeps the password under the cost of today`() throws {
    let bench = try ready()
    let cheap = try PasswordHash(
      of: AdminBench.password, cost: Argon2id(memoryKibibytes: 64, passes: 1, lanes: 1))
    let record = try #require(try bench.vault.record("administrator", "owner"))
    guard case .object(var body) = record.body else { return }
    body["password"] = .string(cheap.text)
    try bench.vault.commit([.put("administrator", "owner", .object(body))])
    func logIn(_ password: String) -> Int {
      bench.send("POST", "/v1/sessions", ["name": "owner", "password": .string(password)]).status
    }
    func kept() throws -> String? {
      try bench.vault.record("administrator", "owner")?.body["password"]?.string
    }
    #expect(logIn("wrong") == 401)
    #expect(try kept() == cheap.text)
    #expect(logIn(AdminBench.password) == 201)
    let new = try #require(try kept().flatMap { PasswordHash($0) })
    #expect(!new.isOutdated() && new.matches(AdminBench.password))
  }

  // MARK: Consumers

  // ADM-11.
  @Test func `A change rests on the state that was read`() throws {
    let bench = try ready()
    let made = bench.send("POST", "/v1/consumers", as: "owner", ["name": "shop", "roles": ["r"]])
    #expect(made.status == 201)
    #expect(made.field("location") == "/v1/consumers/shop")
    #expect(bench.send("POST", "/v1/consumers", as: "owner", ["name": "shop"]).status == 409)
    let path = "/v1/consumers/shop"
    #expect(bench.send("PATCH", path, as: "owner", ["disabled": true]).status == 428)
    #expect(
      bench.send("PATCH", path, as: "owner", ["disabled": true], match: "\"9\"").status == 412)
    let changed = bench.send("PATCH", path, as: "owner", ["disabled": true], match: made.tag)
    #expect(changed.status == 200)
    #expect(changed.body["roles"] == ["r"])
    #expect(bench.send("DELETE", path, as: "owner", match: made.tag).status == 412)
    #expect(bench.send("GET", path, as: "owner").tag == changed.tag)
    let whole = bench.send("PUT", path, as: "owner", ["groups": ["g"]], match: changed.tag)
    #expect(whole.body["roles"] == [] && whole.body["disabled"] == false)
    #expect(bench.send("DELETE", path, as: "owner", match: whole.tag).status == 204)
    #expect(bench.send("GET", path, as: "owner").status == 404)
  }

  // ADM-12.
  @Test func `A dry run tells what it would do, and does nothing`() throws {
    let bench = try ready()
    let dry = bench.send("POST", "/v1/consumers?dry-run=true", as: "owner", ["name": "shop"])
    #expect(dry.status == 200)
    #expect(dry.body["after"]?["name"] == "shop" && dry.body["before"] == .null)
    #expect(bench.send("GET", "/v1/consumers/shop", as: "owner").status == 404)
  }

  @Test func `A list comes in pages that miss nothing`() throws {
    let bench = try ready()
    let names = (0..<25).map { "c\($0)" }
    for name in names {
      _ = bench.send("POST", "/v1/consumers", as: "owner", ["name": .string(name)])
    }
    var found: [String] = []
    var cursor = ""
    repeat {
      let page = bench.send("GET", "/v1/consumers?limit=10\(cursor)", as: "owner")
      found += (page.body["items"]?.elements ?? []).compactMap { $0["name"]?.string }
      cursor = page.body["next"]?.string.map { "&cursor=\($0)" } ?? ""
    } while !cursor.isEmpty
    #expect(found == names.sorted())
    for bad in ["limit=0", "limit=x", "cursor=!", "limit=1&limit=2", "limit=%zz"] {
      #expect(bench.send("GET", "/v1/consumers?\(bad)", as: "owner").status == 400)
    }
  }

  @Test func `What the file owns the API does not change`() throws {
    var owned = FileOwned()
    owned.consumers = ["mobile"]
    let bench = try AdminBench(owned: owned)
    try bench.setUp()
    let refused = bench.send("POST", "/v1/consumers", as: "owner", ["name": "mobile"])
    #expect(refused.status == 409 && refused.problem == "owned-by-file")
    #expect(refused.body["detail"]?.string?.contains("mobile") == true)
    #expect(
      bench.send("POST", "/v1/consumers/mobile/keys", as: "owner", .object([JSONMember]())).status
        == 409)
  }

  @Test(
    arguments: [
      ["name": "a b"], ["name": ""], ["nam": "x"], ["name": 1], ["name": "x", "roles": "r"],
      ["name": "x", "roles": ["a b"]], ["name": "x", "disabled": "yes"], ["roles": []],
      ["name": "x", "labels": ["k": 1]],
    ] as [JSONValue])
  func `What is no consumer is refused with a reason`(body: JSONValue) throws {
    let bench = try ready()
    let answer = bench.send("POST", "/v1/consumers", as: "owner", body)
    #expect(answer.status == 400)
    #expect(answer.body["detail"]?.string != nil)
  }

  // MARK: Keys

  // SEC-01, SEC-09.
  @Test func `A key is shown once, rotates with an overlap, and is revoked for good`() throws {
    let bench = try ready()
    _ = bench.send("POST", "/v1/consumers", as: "owner", ["name": "shop"])
    let made = bench.send(
      "POST", "/v1/consumers/shop/keys", as: "owner", ["scopes": ["read"], "expires-in": "90d"])
    #expect(made.status == 201)
    let key = try #require(made.body["key"]?.string)
    let id = try #require(made.body["id"]?.string)
    let shown = bench.send("GET", "/v1/keys/\(id)", as: "owner")
    #expect(!shown.body.serialized.contains(key) && shown.body["digest"] == nil)
    #expect(shown.body["state"] == "active")
    let rotated = bench.send(
      "POST", "/v1/keys/\(id)/rotate", as: "owner", ["overlap": "1h"])
    #expect(rotated.status == 201)
    #expect(rotated.body["scopes"] == ["read"])
    let old = bench.send("GET", "/v1/keys/\(id)", as: "owner")
    #expect(old.body["replaced-by"] == rotated.body["id"])
    #expect(old.body["state"] == "active")
    bench.time.advance(milliseconds: 3_600_000)
    #expect(bench.send("GET", "/v1/keys/\(id)", as: "owner").body["state"] == "expired")
    let next = try #require(rotated.body["id"]?.string)
    #expect(
      bench.send("POST", "/v1/keys/\(next)/revoke", as: "owner").body["state"] == "revoked")
    #expect(bench.send("POST", "/v1/keys/\(next)/revoke", as: "owner").status == 200)
    #expect(bench.send("POST", "/v1/keys/\(next)/rotate", as: "owner").status == 409)
    let list = bench.send("GET", "/v1/consumers/shop/keys", as: "owner")
    #expect(list.body["items"]?.elements.count == 2)
    // No entry of the audit log shows a key or what it is kept as.
    let log = bench.send("GET", "/v1/audit", as: "owner").body.serialized
    #expect(log.contains("key.rotate") && !log.contains(key) && !log.contains("digest"))
  }

  @Test func `A key whose hash a file had can be taken over`() throws {
    let bench = try ready()
    _ = bench.send("POST", "/v1/consumers", as: "owner", ["name": "shop"])
    let hash = "sha256:d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7"
    let path = "/v1/consumers/shop/keys"
    let made = bench.send("POST", path, as: "owner", ["hash": .string(hash)])
    #expect(made.status == 201 && made.body["key"] == nil)
    #expect(bench.send("POST", path, as: "owner", ["hash": .string(hash)]).status == 409)
    #expect(bench.send("POST", path, as: "owner", ["hash": "sha256:00"]).status == 400)
  }

  // MARK: Everything else

  @Test func `The last owner stays`() throws {
    let bench = try ready()
    let now = bench.send("GET", "/v1/administrators/owner", as: "owner")
    let path = "/v1/administrators/owner"
    #expect(bench.send("DELETE", path, as: "owner", match: now.tag).status == 409)
    #expect(
      bench.send("PATCH", path, as: "owner", ["role": "viewer"], match: now.tag).status == 409)
    #expect(
      bench.send("PATCH", path, as: "owner", ["disabled": true], match: now.tag).status == 409)
  }

  // ADM-08.
  @Test func `Every change leaves an entry, and the chain of them is whole`() throws {
    let bench = try ready()
    bench.addRoles()
    _ = bench.send("POST", "/v1/consumers", as: "operator", ["name": "shop"])
    _ = bench.send("PUT", "/v1/roles/reader", as: "security", ["inherits": ["base"]])
    _ = bench.send("PUT", "/v1/groups/staff", as: "operator", ["roles": ["reader"]])
    let entries = try bench.vault.journal(after: 0, limit: 100).map(\.line)
    for action in ["setup.complete", "administrator.create", "consumer.create", "role.create"] {
      #expect(entries.contains { $0.contains("\"action\":\"\(action)\"") })
    }
    #expect(entries.contains { $0.contains("\"by\":\"operator\"") })
    #expect(!entries.joined().contains(AdminBench.password))
    #expect(!entries.joined().contains("argon2id"))
    #expect(try bench.vault.journalFault() == nil)
  }

  @Test func `The description names each endpoint, and only what is there`() throws {
    let bench = try ready()
    #expect(bench.send("GET", "/v1/none", as: "owner").status == 404)
    let wrong = bench.send("DELETE", "/v1/consumers", as: "owner")
    #expect(wrong.status == 405 && wrong.field("allow")?.contains("POST") == true)
    #expect(bench.send("GET", "/v1/none").status == 401)
  }

  // SEC-05.
  @Test func `The rotation of keys is started once and comes to its end`() throws {
    let bench = try ready()
    _ = bench.send("POST", "/v1/consumers", as: "owner", ["name": "shop"])
    #expect(bench.send("POST", "/v1/store/rotation", as: "owner").status == 202)
    var state = JSONValue.null
    for _ in 0..<500 where state != "done" {
      state = bench.send("GET", "/v1/store", as: "owner").body["rotation"]?["state"] ?? .null
    }
    #expect(bench.send("GET", "/v1/consumers/shop", as: "owner").status == 200)
  }
}
