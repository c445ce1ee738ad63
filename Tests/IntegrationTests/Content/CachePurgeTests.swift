import Foundation
import Testing

/// An administrator has kept responses forgotten, by the command and the API behind it.
@Suite(.serialized) struct CachePurgeTests {
  private func run(
    _ gateway: RunningGateway, _ admin: AdminClient, _ words: [String]
  ) throws -> String {
    let result = try Command.run(
      RunningGateway.binary, words + ["--admin", "http://127.0.0.1:\(gateway.adminPort)"],
      in: gateway.folder, environment: ["GATEHOUSE_TOKEN": admin.token])
    #expect(result.status == 0, "\(words): \(result.output)")
    return result.output
  }

  @Test func `What is purged is asked for again, and all else is not`() throws {
    let upstream = try CacheUpstream()
    let services = """
        - name: shop
          upstreams: [http://127.0.0.1:\(upstream.port)]
          public: true
          policies: [{ cache: { size: 8MiB } }]
      """
    let gateway = try RunningGateway(
      services: services, rest: "store: { sqlite: gatehouse.db }")
    let admin = try AdminClient(settingUp: gateway)
    let targets = ["/a", "/a/b", "/ab", "/a?x=1", "/c"].map {
      ($0.contains("?") ? $0 + "&" : $0 + "?") + "cc=max-age%3D600"
    }
    /// Those of the targets that are asked for again.
    func asked(_ host: String = "api.test") throws -> [Int] {
      try targets.indices.filter { place in
        let before = upstream.count
        _ = try gateway.client().request("GET", targets[place], host: host)
        return upstream.count > before
      }
    }
    #expect(try asked() == [0, 1, 2, 3, 4])
    #expect(try asked("other.test") == [0, 1, 2, 3, 4])
    #expect(try asked() == [])
    let listed = try run(gateway, admin, ["cache", "list", "--json"])
    #expect(listed.contains("\"responses\":10") || listed.contains("\"responses\": 10"))
    #expect(try gateway.metric("gatehouse_cache_bytes") ?? 0 > 5_000)

    _ = try run(gateway, admin, ["cache", "purge", "--path", "/a", "--dry-run"])
    #expect(try asked() == [])
    let purged = try run(gateway, admin, ["cache", "purge", "--host", "api.test", "--path", "/a"])
    #expect(purged.contains("2"))
    #expect(try asked() == [0, 3])
    #expect(try asked("other.test") == [])
    _ = try run(
      gateway, admin, ["cache", "purge", "--service", "shop", "--path", "/a", "--below"])
    #expect(try asked() == [0, 1, 3])
    #expect(try asked("other.test") == [0, 1, 3])
    _ = try run(gateway, admin, ["cache", "purge"])
    #expect(try asked() == [0, 1, 2, 3, 4])

    for body: [String: Any] in [
      ["service": "none"], ["path": "a"], ["below": true], ["x": 1], ["path": 1],
    ] {
      #expect(try admin.send("POST", "/v1/cache/purge", body).status == 400)
    }
    #expect(try admin.send("GET", "/v1/audit").body.contains("cache.purge"))
  }
}
