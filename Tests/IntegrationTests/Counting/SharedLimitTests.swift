import Foundation
import Synchronization
import Testing

/// Gateways that count together in a real Redis.
@Suite(.serialized) struct SharedLimitTests {
  private func services(_ upstream: UInt16, _ rules: String) -> String {
    """
      - name: open
        upstreams: [http://127.0.0.1:\(upstream)]
        public: true
        routes: [{ paths: [/] }]
        policies:
    \(rules.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n"))
    """
  }

  private func counters(_ port: UInt16, _ more: String = "") -> String {
    "counters: { redis: \"redis://127.0.0.1:\(port)\", gateways: 2\(more) }"
  }

  /// How many of so many requests get 200, from several clients of each gateway at once.
  private func admitted(
    _ gateways: [RunningGateway], each: Int, clients: Int = 3, _ fields: [String] = []
  ) throws -> Int {
    let passed = Atomic<Int>(0)
    let failed = Atomic<Int>(0)
    let group = DispatchGroup()
    for port in gateways.map(\.port) {
      for _ in 0..<clients {
        group.enter()
        Thread.detachNewThread {
          defer { group.leave() }
          guard let client = try? Client(port: port) else {
            failed.add(1, ordering: .relaxed)
            return
          }
          for _ in 0..<each {
            switch try? client.request("GET", "/", fields).status {
            case 200: passed.add(1, ordering: .relaxed)
            case 429: break
            default: failed.add(1, ordering: .relaxed)
            }
          }
        }
      }
    }
    group.wait()
    #expect(failed.load(ordering: .relaxed) == 0)
    return passed.load(ordering: .relaxed)
  }

  /// RTL-05: two gateways, six clients, and not one over; RTL-04: what is refused reaches nobody.
  @Test(arguments: ["gcra", "fixed-window", "sliding-window"])
  func `Strict limits are exact over two gateways`(algorithm: String) throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rule = "- rate-limit: { limit: 300/day, by: ip, store: shared, algorithm: \(algorithm) }"
    let gateways = try (0..<2).map { _ in
      try RunningGateway(
        services: services(upstream.port, rule), rest: counters(redis.port), workers: 2)
    }
    #expect(try admitted(gateways, each: 150) == 300)
    let answer = try gateways[0].client().request("GET", "/")
    #expect(answer.status == 429)
    #expect(answer.fields["ratelimit-policy"] == "\"ip-300\";q=300;w=86400")
    let wait = try #require(answer.fields["retry-after"].flatMap { Int($0) })
    #expect(wait >= 1 && wait <= (algorithm == "gcra" ? 288 : 86_400))
    withExtendedLifetime(upstream) {}
  }

  /// RTL-05: at most one lease for each gateway over the limit.
  @Test func `Leased limits stay within their bound, and ask seldom`() throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rule =
      "- rate-limit: { limit: 600/day, by: ip, store: shared, sharing: leased, lease: 20 }"
    let gateways = try (0..<2).map { _ in
      try RunningGateway(
        services: services(upstream.port, rule), rest: counters(redis.port), workers: 2)
    }
    let passed = try admitted(gateways, each: 200)
    #expect(passed <= 600 + 2 * 20)
    #expect(passed >= 600 - 2 * 20)
    #expect(try redis.runs() < 400)
    withExtendedLifetime(upstream) {}
  }

  /// RTL-14: what clients send is in no key. RTL-09: keys live no longer than two windows.
  @Test func `Rules of one request are counted by one round trip, under hashed keys`() throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rules = """
      - rate-limit: { limit: 5/minute, by: "header:X-Tenant", store: shared }
      - rate-limit: { limit: 100/hour, by: ip, store: shared, algorithm: sliding-window }
      - rate-limit: { limit: 50/minute, by: route, store: shared, algorithm: fixed-window }
      """
    let gateway = try RunningGateway(
      services: services(upstream.port, rules), rest: counters(redis.port, ", prefix: \"edge:1\""))
    let client = try gateway.client()
    let hostile = "X-Tenant: a:b {c} * EVAL $5"
    for _ in 0..<5 { #expect(try client.request("GET", "/", [hostile]).status == 200) }
    let refused = try client.request("GET", "/", [hostile])
    #expect(refused.status == 429)
    #expect(try redis.runs() == 6)
    let keys = try redis.keys()
    #expect(keys.count == 3)
    for key in keys {
      #expect(key.hasPrefix("edge:1:") && key.dropFirst(7).allSatisfy { $0.isHexDigit })
      #expect(key.dropFirst(7).count == 32)
      let life = try #require(
        Int(redis.command(["PTTL", key]).trimmingCharacters(in: .whitespacesAndNewlines)))
      #expect(life > 0 && life <= 7_200_000)
    }
    // A request that one rule refuses is counted by none.
    #expect(try client.request("GET", "/", ["X-Tenant: other"]).fields["ratelimit"] != nil)
    let values = try keys.map { try redis.command(["GET", $0]) }
    #expect(values.contains { $0.contains(":6:0") })
    withExtendedLifetime(upstream) {}
  }

  /// RTL-07: the rule says what is done, the metric and the log tell of it.
  @Test func `While the store is away each rule decides, and within five seconds it counts again`()
    throws
  {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    func service(_ name: String) -> String {
      """
        - name: \(name)
          upstreams: [http://127.0.0.1:\(upstream.port)]
          public: true
          routes: [{ paths: ["/\(name)"] }]
          policies:
            - rate-limit: { limit: 10/day, by: ip, store: shared, when-down: \(name) }
      """
    }
    let gateway = try RunningGateway(
      services: ["open", "closed", "local"].map(service).joined(separator: "\n"),
      rest: counters(redis.port), workers: 2)
    let client = try gateway.client()
    #expect(try client.request("GET", "/closed").status == 200)
    redis.crash()
    let begin = ContinuousClock.now
    #expect(try client.request("GET", "/closed").status == 503)
    #expect(try client.request("GET", "/open").status == 200)
    // Its half of the limit.
    let statuses = try (0..<8).map { _ in try client.request("GET", "/local").status }
    #expect(statuses == [200, 200, 200, 200, 200, 429, 429, 429])
    #expect(ContinuousClock.now - begin < .seconds(2))
    try Waiting.until("the log") { gateway.messages.contains("limits that are shared decide") }
    #expect(try gateway.metric("gatehouse_shared_counts_total{result=\"unknown\"}") ?? 0 >= 10)
    #expect(try gateway.metric("gatehouse_shared_counts_connections") == 0)
    try redis.start()
    let back = ContinuousClock.now
    try Waiting.until("counts") { (try? client.request("GET", "/closed").status) == 200 }
    #expect(ContinuousClock.now - back < .seconds(5))
    try Waiting.until("the log") { gateway.messages.contains("they are shared again") }
    withExtendedLifetime(upstream) {}
  }

  @Test func `A store that stands still holds up nobody`() throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rule = "- rate-limit: { limit: 10/day, by: ip, store: shared, when-down: closed }"
    let gateway = try RunningGateway(
      services: services(upstream.port, rule), rest: counters(redis.port, ", timeout: 200ms"),
      workers: 1)
    let client = try gateway.client()
    #expect(try client.request("GET", "/").status == 200)
    redis.signal(SIGSTOP)
    let begin = ContinuousClock.now
    let statuses = try (0..<20).map { _ in try client.request("GET", "/").status }
    let taken = ContinuousClock.now - begin
    #expect(statuses.allSatisfy { $0 == 503 })
    #expect(taken < .seconds(1), "\(taken)")
    redis.signal(SIGCONT)
    let back = ContinuousClock.now
    try Waiting.until("counts") { (try? client.request("GET", "/").status) == 200 }
    #expect(ContinuousClock.now - back < .seconds(5))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A store that forgets its programs gets this one again`() throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rule = "- rate-limit: { limit: 100/day, by: ip, store: shared, when-down: closed }"
    let gateway = try RunningGateway(
      services: services(upstream.port, rule), rest: counters(redis.port), workers: 1)
    let client = try gateway.client()
    for _ in 0..<3 {
      #expect(try client.request("GET", "/").status == 200)
      try redis.command(["SCRIPT", "FLUSH"])
    }
    #expect(try client.request("GET", "/").status == 200)
    withExtendedLifetime(upstream) {}
  }

  /// RTL-08: an hour back leaves times in the future, which lock nobody out and free nobody.
  @Test func `A clock of the store that went back locks nobody out`() throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rules = "- rate-limit: { limit: 60/minute, burst: 20, by: ip, store: shared }"
    let gateway = try RunningGateway(
      services: services(upstream.port, rules), rest: counters(redis.port), workers: 1)
    let client = try gateway.client()
    // So many that the key lives for a while.
    for _ in 0..<15 { #expect(try client.request("GET", "/").status == 200) }
    let key = try #require(try redis.keys().first)
    let held = try #require(
      Double(redis.command(["GET", key]).trimmingCharacters(in: .whitespacesAndNewlines)))
    let ahead = String(format: "%.0f", held + 3600 * 16e6)
    try redis.command(["SET", key, ahead])
    // As one who has used everything: refused now, and let through at the limit's pace.
    #expect(try client.request("GET", "/").status == 429)
    let begin = ContinuousClock.now
    try Waiting.until("a pass") { (try? client.request("GET", "/").status) == 200 }
    #expect(ContinuousClock.now - begin < .seconds(4))
    withExtendedLifetime(upstream) {}
  }

  /// RTL-06: a gateway that joins or starts anew resets nothing, nor does the store's restart.
  /// RTL-10: another database, or another prefix, is another count.
  @Test func `Gateways and the store may start anew, and prefixes never mix`() throws {
    let (redis, upstream) = (try RedisServer(), try TestUpstream())
    let rule = "- rate-limit: { limit: 4/day, by: ip, store: shared, when-down: closed }"
    func gateway(_ rest: String) throws -> RunningGateway {
      try RunningGateway(services: services(upstream.port, rule), rest: rest, workers: 1)
    }
    let first = try gateway(counters(redis.port))
    #expect(try first.client().request("GET", "/").status == 200)
    #expect(try first.client().request("GET", "/").status == 200)
    first.signal(SIGTERM)
    _ = try first.status()
    try first.restart()
    #expect(try first.client().request("GET", "/").status == 200)
    let second = try gateway(counters(redis.port))
    #expect(try second.client().request("GET", "/").status == 200)
    #expect(try second.client().request("GET", "/").status == 429)
    let third = try gateway(counters(redis.port, ", prefix: other"))
    #expect(try third.client().request("GET", "/").status == 200)
    let fourth = try gateway("counters: { redis: \"redis://127.0.0.1:\(redis.port)/3\" }")
    #expect(try fourth.client().request("GET", "/").status == 200)
    try redis.command(["SHUTDOWN", "SAVE"])
    try redis.start()
    try Waiting.until("counts") { (try? second.client().request("GET", "/").status) == 429 }
    withExtendedLifetime(upstream) {}
  }

  @Test func `Users and passwords are the store's, and neither is told to anybody`() throws {
    let gate = "--user gate on >s3cret-word ~edge:* +@scripting +@read +@write +time +auth +select"
    let redis = try RedisServer(
      (gate + " --user default on >other-word ~* +@all").split(separator: " ").map(String.init))
    let upstream = try TestUpstream()
    let rule = "- rate-limit: { limit: 4/day, by: ip, store: shared, when-down: closed }"
    func gateway(_ word: String) throws -> RunningGateway {
      let folder = FileManager.default.temporaryDirectory
      let file = folder.appending(path: "word-\(UUID())")
      try Data(word.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      return try RunningGateway(
        services: services(upstream.port, rule),
        rest: counters(
          redis.port, ", prefix: edge, user: gate, password: \"${file:\(file.path)}\""),
        workers: 1)
    }
    let right = try gateway("s3cret-word")
    #expect(try right.client().request("GET", "/").status == 200)
    let wrong = try gateway("wr0ng-word")
    #expect(try wrong.client().request("GET", "/").status == 503)
    try Waiting.until("the log") { wrong.messages.contains("WRONGPASS") }
    #expect(!wrong.messages.contains("wr0ng-word"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A store is spoken to by TLS, and only with the right certificate`() throws {
    let authority = try TestAuthority()
    try authority.issue("localhost")
    let port = try Socket.freePort()
    let redis = try RedisServer(
      [
        "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", authority.path("localhost.pem"),
        "--tls-key-file", authority.path("localhost.key"), "--tls-ca-cert-file",
        authority.path("ca.pem"), "--tls-auth-clients", "no",
      ], port: port)
    let (upstream, other) = (try TestUpstream(), try TestAuthority())
    let rule = "- rate-limit: { limit: 40/day, by: ip, store: shared, when-down: closed }"
    func gateway(_ authority: TestAuthority, _ host: String) throws -> RunningGateway {
      try RunningGateway(
        services: services(upstream.port, rule),
        rest: "counters: { redis: \"rediss://\(host):\(redis.port)\", "
          + "authority: \(authority.path("ca.pem")) }", workers: 1)
    }
    let right = try gateway(authority, "localhost")
    try Waiting.until("a pass") { (try? right.client().request("GET", "/").status) == 200 }
    let client = try right.client()
    for _ in 0..<20 { #expect(try client.request("GET", "/").status == 200) }
    for wrong in [try gateway(other, "localhost"), try gateway(authority, "127.0.0.1")] {
      try Waiting.until("the log") { wrong.messages.contains("TLS failed") }
      #expect(try wrong.client().request("GET", "/").status == 503)
    }
    withExtendedLifetime(upstream) {}
  }
}
