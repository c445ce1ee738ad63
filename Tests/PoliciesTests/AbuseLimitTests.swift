import Base
import Formats
import HTTP
import PolicyKit
import Synchronization
import Testing

@testable import Policies

@Suite struct AbuseLimitTests {
  private static func basic(_ name: String) -> (String, String) {
    ("authorization", "Basic " + Base64.encode("\(name):guess".utf8.span, .standard))
  }

  private func policy(
    _ yaml: String = "{ address: 3/minute, network: 8/minute, subject: 6/hour, ban: 10m }",
    retained: RetainedState = RetainedState()
  ) -> AbuseLimitPolicy {
    let (policy, report) = PolicyBench.make(AbuseLimitPolicy.self, yaml, retained: retained)
    #expect(report == "")
    return policy
  }

  private func exchange(
    _ client: String, _ name: String? = nil, at seconds: UInt64 = 0
  ) -> BenchExchange {
    let exchange = PolicyBench.exchange(
      name.map { [AbuseLimitTests.basic($0)] } ?? [], client: client,
      atMilliseconds: 1_000_000 + seconds * 1000)
    exchange.wallMilliseconds = 1_800_000_000_000 + seconds * 1000
    return exchange
  }

  /// Whether it gets in, and then fails to show who it is.
  private func fails(
    _ policy: AbuseLimitPolicy, _ client: String, _ name: String? = nil, at seconds: UInt64 = 0
  ) -> Bool {
    let exchange = exchange(client, name, at: seconds)
    guard case .proceed = policy.review(exchange) else { return false }
    exchange.refusal(.credentialsInvalid, to: policy)
    return true
  }

  private func succeeds(
    _ policy: AbuseLimitPolicy, _ client: String, _ name: String, at seconds: UInt64 = 0
  ) -> Bool {
    let exchange = exchange(client, name, at: seconds)
    guard case .proceed = policy.review(exchange) else { return false }
    exchange.consumer = PolicyBench.consumers[0]
    exchange.shown = .password
    policy.reviewResponse(exchange)
    return true
  }

  @Test func `An address that fails too often is kept out for a while, and others are not`() {
    let policy = policy()
    #expect((0..<10).filter { _ in fails(policy, "192.0.2.1") }.count == 4)
    let banned = exchange("192.0.2.1", at: 60)
    guard case .deny(let denial) = policy.review(banned) else {
      Issue.record("nobody is banned")
      return
    }
    #expect(denial.problem == .rateLimited && denial.retryAfterSeconds == 540)
    #expect(fails(policy, "192.0.2.2"))
    #expect(!fails(policy, "192.0.2.1", at: 599))
    #expect(fails(policy, "192.0.2.1", at: 600))
    // IPv6 by the /64.
    for _ in 0..<4 { _ = fails(policy, "2001:db8::1") }
    #expect(!fails(policy, "2001:db8::ffff"))
    #expect(fails(policy, "2001:db8:0:1::1"))
  }

  @Test func `A network that fails from many addresses is kept out`() {
    let policy = policy()
    let passed = (0..<20).filter { fails(policy, "198.51.100.\($0)") }.count
    #expect(passed == 9)
    #expect(!fails(policy, "198.51.100.200"))
    #expect(fails(policy, "198.51.101.1"))
  }

  @Test func `A name that is guessed from everywhere is kept out, and its owner is not`() {
    let policy = policy()
    #expect(succeeds(policy, "203.0.113.7", "alice"))
    let passed = (0..<20).filter { fails(policy, "10.\($0).0.1", "alice") }.count
    #expect(passed == 7)
    #expect(!fails(policy, "10.99.0.1", "alice"))
    #expect(succeeds(policy, "203.0.113.7", "alice", at: 10))
    // Her network is known; another name from the same guesser is another matter.
    #expect(succeeds(policy, "203.0.113.8", "alice", at: 10))
    #expect(fails(policy, "10.99.0.1", "bob"))
  }

  @Test func `A refusal for another reason is no failure`() {
    let policy = policy()
    for _ in 0..<20 {
      let exchange = exchange("192.0.2.1")
      for problem in Problem.allCases where problem != .credentialsInvalid {
        exchange.refusal(problem, to: policy)
      }
    }
    #expect(fails(policy, "192.0.2.1"))
  }

  @Test func `What the upstream refuses counts where it is asked for`() {
    for (words, wanted) in [("true", 4), ("false", 20)] {
      let policy = policy("{ address: 3/minute, upstream: \(words) }")
      let passed = (0..<20).filter { _ in
        let exchange = exchange("192.0.2.1")
        guard case .proceed = policy.review(exchange) else { return false }
        exchange.response.status = 401
        policy.reviewResponse(exchange)
        return true
      }.count
      #expect(passed == wanted)
    }
  }

  /// RTL-09: a flood of addresses is bounded, bans nobody by mistake and frees nobody.
  @Test func `A flood of addresses bans nobody who did not fail himself`() {
    let policy = policy("{ address: 3/hour, network: 1000000/minute }")
    for _ in 0..<4 { _ = fails(policy, "192.0.2.1") }
    for number in 0..<200_000 {
      _ = fails(policy, IPAddress(v4: 0x0A00_0000 + UInt32(number)).description)
    }
    #expect(!fails(policy, "192.0.2.1", at: 1))
    #expect(fails(policy, "10.0.0.1", at: 1))
    #expect(fails(policy, "203.0.113.1", at: 1))
  }

  @Test func `Bans of the store hold, and what it lifts is lifted`() {
    let policy = policy()
    var table = LiveTable()
    let block = AddressBlock(IPAddress(v4: 0xC000_0000), length: 16)
    table.bans.set(.addresses(block), untilMilliseconds: .max)
    table.bans.set(.subject("mallory"), untilMilliseconds: .max)
    let banned = LiveDirectory(table, uses: KeyUses()) { $0 }
    func passes(_ client: String, _ name: String?, _ live: LiveDirectory) -> Bool {
      let exchange = exchange(client, name)
      exchange.live = live
      if case .proceed = policy.review(exchange) { return true }
      return false
    }
    #expect(!passes("192.0.2.1", nil, banned))
    #expect(passes("192.1.2.1", nil, banned))
    #expect(!passes("192.1.2.1", "mallory", banned))
    for target in [BanTarget("192.0.0.0/16"), BanTarget("subject:mallory")] {
      if let target { table.bans.remove(target) }
    }
    let lifted = LiveDirectory(table, uses: KeyUses()) { $0 }
    #expect(passes("192.0.2.1", "mallory", lifted))
  }

  @Test func `A ban is this gateway's alone until the store has it`() {
    let book = BanBook()
    let told = Mutex<[String]>([])
    book.open(isStored: true) { ban in told.withLock { $0.append(ban.target.text) } }
    let address = IPAddress(v4: 0xC000_0201)
    let ban = Ban(BanTarget(address), untilMilliseconds: 90_000, reason: "r")
    book.ban(ban, nowMilliseconds: 1000)
    // Who is kept out is told how long, whoever keeps the ban.
    #expect(book.until(address, nowMilliseconds: 5999) == 90_000)
    #expect(book.until(address, nowMilliseconds: 6000) == 0)
    book.keep(ban, nowMilliseconds: 7000)
    #expect(book.until(address, nowMilliseconds: 89_999) == 90_000)
    #expect(book.until(address, nowMilliseconds: 90_000) == 0)
    #expect(told.withLock { $0 } == ["192.0.2.1"])
  }

  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("10.0.0.0/8", "10.0.0.0/8"),
    ("2001:db8::5", "2001:db8::/64"), ("subject:a b", "subject:a b"),
  ])
  func `Targets are read and written`(text: String, wanted: String) {
    #expect(BanTarget(text)?.text == wanted)
    #expect(BanTarget(wanted)?.text == wanted)
  }

  @Test(arguments: ["", "subject:", "0.0.0.0/0", "10.0.0.1/8", "alice", "192.0.2.1/33"])
  func `What is no target is none`(text: String) { #expect(BanTarget(text) == nil) }

  @Test(arguments: [
    "{ address: 3 }", "{ subject: 5/month }", "{ ban: 10ms }", "{ upstream: maybe }",
  ])
  func `What is no limit is reported`(yaml: String) {
    #expect(PolicyBench.make(AbuseLimitPolicy.self, yaml).report != "")
  }
}
