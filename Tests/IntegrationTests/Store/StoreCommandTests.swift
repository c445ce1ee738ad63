import Foundation
import Testing

/// The commands for the store, as they are typed.
@Suite(.serialized) struct StoreCommandTests {
  private func start() throws -> (RunningGateway, AdminClient) {
    let gateway = try RunningGateway(
      services: Services.open(9), rest: "store: { sqlite: gatehouse.db }")
    return (gateway, try AdminClient(settingUp: gateway))
  }

  private func run(
    _ words: [String], _ gateway: RunningGateway, _ admin: AdminClient?,
    environment: [String: String] = [:], input: String? = nil
  ) throws -> (status: Int32, output: String) {
    var all = environment
    all["GATEHOUSE_ADMIN"] = "http://127.0.0.1:\(gateway.adminPort)"
    all["GATEHOUSE_TOKEN"] = admin?.token ?? ""
    return try Command.run(
      RunningGateway.binary, words, in: gateway.folder, environment: all, input: input)
  }

  @Test func `Consumers, keys, roles and administrators are looked after from the shell`() throws {
    let (gateway, admin) = try start()
    func output(_ words: String, input: String? = nil) throws -> String {
      let done = try run(
        words.split(separator: " ").map(String.init), gateway, admin, input: input)
      #expect(done.status == 0, "\(words): \(done.output)")
      return done.output
    }
    #expect(try output("consumers add mobile/app --role reader --json").contains("\"mobile/app\""))
    #expect(try output("consumers set mobile/app --disable").contains("true"))
    #expect(try output("consumers list").contains("mobile/app"))
    let made = try output("keys add mobile/app --scope orders:read --expires-in 1d --json")
    let object = try JSONSerialization.jsonObject(with: Data(made.utf8)) as? [String: Any]
    let id = try #require(object?["id"] as? String)
    #expect(try output("keys list mobile/app").contains(id))
    #expect(try output("keys rotate \(id) --overlap 1h").contains("gh_"))
    #expect(try output("keys revoke \(id)").contains("revoked"))
    _ = try output("roles set lead --inherits staff")
    _ = try output("roles set lead --inherits reader")
    #expect(try output("roles list").contains("reader"))
    _ = try output("groups set g --roles lead")
    _ = try output("admin add bob --role viewer", input: "a long password of bob\n")
    #expect(try output("admin login bob", input: "a long password of bob\n").contains("gha_"))
    #expect(try output("admin token --permission read --json").contains("gha_"))
    #expect(try output("store status").contains("SQLite"))
    #expect(try output("store rotate-master-key").contains("running"))
    _ = try output("consumers remove mobile/app")
    let refused = try run(["consumers", "show", "mobile/app"], gateway, admin)
    #expect(refused.status == 1 && refused.output.contains("nothing at this address"))
    #expect(try run(["consumers", "list"], gateway, nil).status == 1)
  }

  @Test func `A file is compared, applied and exported`() throws {
    let (gateway, admin) = try start()
    let text = """
      consumers:
        - { name: shop, roles: [reader], labels: { team: a } }
        - name: app
      roles: [{ name: lead, inherits: [staff] }]
      """
    try Data(text.utf8).write(to: gateway.folder.appending(path: "store.yaml"))
    let diff = try run(["diff", "store.yaml"], gateway, admin)
    #expect(diff.status == 1 && diff.output.contains("+ consumers/shop"))
    #expect(try run(["apply", "store.yaml", "--dry-run"], gateway, admin).status == 0)
    #expect(try run(["diff", "store.yaml"], gateway, admin).status == 1)
    #expect(try run(["apply", "store.yaml"], gateway, admin).output.contains("3 changed"))
    #expect(try run(["diff", "store.yaml"], gateway, admin).status == 0)
    let exported = try run(["export"], gateway, admin)
    try Data(exported.output.utf8).write(to: gateway.folder.appending(path: "exported.yaml"))
    #expect(try run(["diff", "exported.yaml", "--prune"], gateway, admin).status == 0)
  }

  @Test func `A backup is restored elsewhere, and the audit log proves whole`() throws {
    let (gateway, admin) = try start()
    #expect(try admin.send("POST", "/v1/consumers", ["name": "shop"]).status == 201)
    let secret = ["GATEHOUSE_BACKUP_PASSPHRASE": "correct horse battery"]
    let made = try run(["backup", "b.backup"], gateway, admin, environment: secret)
    #expect(made.status == 0 && made.output.contains("verified"))
    let verified = try run(["audit-log", "verify"], gateway, admin)
    #expect(verified.status == 0 && verified.output.contains("unbroken"))
    let log = try run(["audit-log", "export"], gateway, admin).output
    try Data(log.utf8).write(to: gateway.folder.appending(path: "log"))
    #expect(try run(["audit-log", "verify", "log"], gateway, admin).status == 0)
    let forged = log.replacingOccurrences(of: "consumers/shop", with: "consumers/shap")
    try Data(forged.utf8).write(to: gateway.folder.appending(path: "log"))
    #expect(try run(["audit-log", "verify", "log"], gateway, admin).status == 1)

    let other = """
      listeners: [{ bind: 127.0.0.1:1 }]
      store: { sqlite: other.db }
      """
    try Data(other.utf8).write(to: gateway.folder.appending(path: "other.yaml"))
    func restore(_ more: [String], _ secret: [String: String]) throws -> Int32 {
      try run(
        ["restore", "b.backup", "--config", "other.yaml"] + more, gateway, admin,
        environment: secret
      ).status
    }
    #expect(
      try restore(["--verify"], ["GATEHOUSE_BACKUP_PASSPHRASE": "another horse battery"]) == 1)
    #expect(try restore(["--verify"], secret) == 0)
    #expect(try restore([], secret) == 0)
    #expect(try restore([], secret) == 1)
    #expect(
      try run(["audit-log", "verify", "--config", "other.yaml"], gateway, admin).status == 0)
    // ADM-20.
    let recovered = try run(["store", "recover", "--config", "other.yaml"], gateway, admin)
    #expect(recovered.status == 0 && recovered.output.contains("ghs_"))
  }
}
