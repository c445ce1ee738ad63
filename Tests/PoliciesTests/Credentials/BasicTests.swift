import Crypto
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct BasicTests {
  /// As cheap as the algorithm allows: what it costs is not what is tested here.
  private static let cost = Argon2id(memoryKibibytes: 64, passes: 1, lanes: 1)

  private func make(_ more: String = "") throws -> BasicPolicy {
    let hash = try PasswordHash(of: "sésame: open", cost: BasicTests.cost).text
    let yaml = """
      users:
        - { name: carol, password: "\(hash)", groups: [staff] }
        - { name: app, password: "\(hash)", consumer: alice }
        - { name: gone, password: "\(hash)", consumer: bob }
      \(more)
      """
    let (policy, report) = PolicyBench.make(BasicPolicy.self, yaml)
    #expect(report == "")
    return policy
  }

  private func exchange(_ pair: String?, scheme: String = "Basic") -> BenchExchange {
    let value = pair.map { "\(scheme) " + Base64.encode($0.utf8.span, .standard) }
    let exchange = PolicyBench.exchange(value.map { [("authorization", $0)] } ?? [])
    exchange.wallMilliseconds = 1_000_000
    return exchange
  }

  /// What the policy says once what it lacks has been worked out, and whether that was needed.
  private func decide(
    _ policy: BasicPolicy, _ exchange: BenchExchange
  ) -> (problem: Problem?, isWorkedOut: Bool) {
    let verdict = policy.review(exchange)
    guard case .wait(let need) = verdict, case .computation(let work) = need.work else {
      return (PolicyBench.problem(verdict), false)
    }
    need.settle(.value(work()))
    exchange.needs.append(need)
    return (PolicyBench.problem(policy.review(exchange)), true)
  }

  @Test func `A right password tells who calls, and is hashed once`() throws {
    let policy = try make()
    for number in 0..<2 {
      let known = exchange("carol:sésame: open", scheme: number == 0 ? "Basic" : "bAsIc")
      let (problem, isWorkedOut) = decide(policy, known)
      #expect(problem == nil)
      #expect(isWorkedOut == (number == 0))
      #expect(known.consumer?.name == "carol")
      #expect(known.consumer?.groups == ["staff"])
      #expect(PolicyBench.value(known.request.fields, "authorization") == nil)
    }
    let app = exchange("app:sésame: open")
    #expect(decide(policy, app).problem == nil)
    #expect(app.consumer?.index == 0)
    let late = exchange("carol:sésame: open")
    late.wallMilliseconds = 1_060_000
    #expect(decide(policy, late).isWorkedOut)
  }

  // SEC-03: whoever guesses learns nothing from the time.
  @Test func `An unknown name costs a hash as a wrong password does`() throws {
    let policy = try make()
    for pair in ["carol:wrong", "nobody:wrong", "gone:sésame: open", "Carol:sésame: open"] {
      let (problem, isWorkedOut) = decide(policy, exchange(pair))
      #expect(problem == .credentialsInvalid)
      #expect(isWorkedOut)
      // Once more within ten seconds it is known.
      #expect(!decide(policy, exchange(pair)).isWorkedOut)
    }
  }

  @Test(arguments: ["carol:", ":sésame: open", ":", "carol", "", "a\n:b", "carol :x", "a:b\u{7F}"])
  func `What is empty or no pair is refused without a hash`(pair: String) throws {
    let (problem, isWorkedOut) = decide(try make(), exchange(pair))
    #expect(problem == .credentialsInvalid)
    #expect(!isWorkedOut)
  }

  @Test func `Nothing, and another scheme, ask for a password`() throws {
    let policy = try make()
    #expect(PolicyBench.problem(policy.review(exchange(nil))) == .credentialsRequired)
    let bearer = PolicyBench.exchange([("authorization", "Bearer x")])
    #expect(PolicyBench.problem(policy.review(bearer)) == .credentialsRequired)
    let two = exchange("carol:x")
    two.request.fields.append(name: "authorization".utf8.span, value: "Basic eDp5".utf8.span)
    #expect(PolicyBench.problem(policy.review(two)) == .credentialsInvalid)
    let long = exchange("carol:" + String(repeating: "x", count: 2000))
    #expect(PolicyBench.problem(policy.review(long)) == .credentialsInvalid)
  }

  @Test func `A password that cannot be checked lets nobody in`() throws {
    let policy = try make()
    let waiting = exchange("carol:sésame: open")
    guard case .wait(let need) = policy.review(waiting) else {
      Issue.record("nothing is waited for")
      return
    }
    need.settle(.failed("too many"))
    waiting.needs.append(need)
    #expect(PolicyBench.problem(policy.review(waiting)) == .upstreamUnavailable)
  }

  @Test(arguments: [
    ("{}", "'users' is missing"), ("users: []", "'users' is empty"),
    ("users: [{ name: a, password: hunter2 }]", "this is no hash of a password"),
    ("users: [{ name: a }]", "'password' is missing"),
    (
      "users: [{ name: a, password: '$argon2id$v=19$m=4194304,t=3,p=4$AAAAAAAAAAAAAAAA$AAAA' }]",
      "this is no hash of a password"
    ),
    ("users: [{ name: a, password: x, consumer: carol }]", "'consumer' is 'carol'"),
  ])
  func `What is no hash is refused, and never shown`(yaml: String, wanted: String) {
    let report = PolicyBench.make(BasicPolicy.self, yaml).report
    #expect(report.contains(wanted), "\(report)")
    #expect(!report.contains("hunter2"))
  }
}
