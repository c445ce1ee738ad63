import Foundation
import Testing

/// An administrator takes an upstream out of service while the gateway runs.
@Suite(.serialized) struct DrainTests {
  private func run(
    _ gateway: RunningGateway, _ admin: AdminClient, _ words: [String], status: Int32 = 0
  ) throws -> String {
    let result = try Command.run(
      RunningGateway.binary, words + ["--admin", "http://127.0.0.1:\(gateway.adminPort)"],
      in: gateway.folder, environment: ["GATEHOUSE_TOKEN": admin.token])
    #expect(result.status == status, "\(words): \(result.output)")
    return result.output
  }

  @Test(arguments: ["round-robin", "least-loaded", "fastest", "hash"])
  func `A drained upstream gets nothing new, over reloads too, until it is returned`(
    balance: String
  ) throws {
    let (one, other) = (try ScriptedUpstream([:]), try ScriptedUpstream([:]))
    let hash = balance == "hash" ? "\n    hash-by: header:X-Key" : ""
    let services = """
        - name: shop
          upstreams: [http://127.0.0.1:\(one.port), http://127.0.0.1:\(other.port)]
          public: true
          balance: \(balance)\(hash)
      """
    let rest = "store: { sqlite: gatehouse.db }"
    let gateway = try RunningGateway(services: services, rest: rest)
    let admin = try AdminClient(settingUp: gateway)
    let name = "127.0.0.1:\(one.port)"
    /// How many of twenty requests either gets.
    func share() throws -> (Int, Int) {
      let before = (one.visits.count, other.visits.count)
      for number in 0..<20 {
        let answer = try gateway.client().request("GET", "/", ["X-Key: \(number)"])
        #expect(answer.status == 200)
      }
      return (one.visits.count - before.0, other.visits.count - before.1)
    }
    // Which of two is the faster is not for a test to say.
    let isEven = balance != "fastest"
    let first = try share()
    #expect(!isEven || (first.0 > 0 && first.1 > 0))
    _ = try run(gateway, admin, ["upstreams", "drain", "shop", name, "--dry-run"])
    #expect(try !isEven || share().0 > 0)
    _ = try run(gateway, admin, ["upstreams", "drain", "shop", name])
    #expect(try share() == (0, 20))
    #expect(try run(gateway, admin, ["upstreams", "list"]).contains("true"))
    // A reload is another plan, with other targets.
    try gateway.write(services: services + "\n    slow-start: 0s", rest: rest)
    gateway.signal(SIGHUP)
    try Waiting.until("the reload") { gateway.messages.contains("configuration reloaded") }
    #expect(try share() == (0, 20))
    _ = try run(gateway, admin, ["upstreams", "drain", "shop", "127.0.0.1:\(other.port)"])
    #expect(try gateway.client().request("GET", "/").status == 503)
    for port in [one.port, other.port] {
      _ = try run(gateway, admin, ["upstreams", "return", "shop", "127.0.0.1:\(port)"])
    }
    let last = try share()
    #expect(!isEven || (last.0 > 0 && last.1 > 0))
    _ = try run(gateway, admin, ["upstreams", "drain", "shop", "127.0.0.1:1"], status: 1)
    #expect(try admin.send("GET", "/v1/audit").body.contains("upstream.drain"))
  }

  @Test func `What is under way with a drained upstream ends there, and one alone answers nobody`()
    throws
  {
    let upstream = try HoldingUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "store: { sqlite: gatehouse.db }")
    let admin = try AdminClient(settingUp: gateway)
    let client = try gateway.client()
    try client.send("GET /a HTTP/1.1\r\nHost: api.test\r\n\r\n")
    try Waiting.until("the request") { upstream.isHolding }
    let name = "127.0.0.1:\(upstream.port)"
    _ = try run(gateway, admin, ["upstreams", "drain", "open", name])
    #expect(try gateway.client().request("GET", "/b").status == 503)
    upstream.hold(false)
    #expect(try client.answer().body == "ok")
    _ = try run(gateway, admin, ["upstreams", "return", "open", name])
    #expect(try gateway.client().request("GET", "/c").status == 200)
  }
}
