import Base
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

/// Limits that several gateways count together, against a store that is simulated by the same rule.
@Suite struct SharedLimitTests {
  /// The generic cell rate algorithm as the store has it, in microseconds.
  private final class Store {
    var arrival: [SharedCount.Key: UInt64] = [:]

    func answer(_ count: SharedCount, at now: UInt64) -> CountAnswer {
      let unit = count.windowSeconds * 1_000_000 / count.limit
      let most = unit * count.burst
      var tat = arrival[count.key] ?? now
      tat = min(max(tat - min(tat, count.returned * unit), now), now + most)
      let room = (now + most - tat) / unit
      let taken =
        count.isPartial ? min(room, count.wanted) : room >= count.wanted ? count.wanted : 0
      tat += taken * unit
      arrival[count.key] = tat
      let wait = taken > 0 ? tat - now : tat + unit - now - most
      return .counted(taken: taken, remaining: room - taken, milliseconds: (wait + 999) / 1000)
    }
  }

  private func limit(_ yaml: String, gateways: Int? = 2) -> (RateLimitPolicy, String) {
    PolicyBench.make(RateLimitPolicy.self, yaml, gateways: gateways)
  }

  /// Whether a request passes, the store being asked where it has to be.
  private func passes(
    _ policy: RateLimitPolicy, _ store: Store, at microseconds: UInt64,
    consumer: Int? = 0, asked: inout Int
  ) -> Bool {
    let exchange = PolicyBench.exchange(consumer: consumer)
    exchange.start = Instant(nanoseconds: microseconds * 1000)
    for _ in 0..<2 {
      switch policy.review(exchange) {
      case .proceed: return true
      case .deny: return false
      case .count(let count):
        asked += 1
        var held = ExchangeCount(owner: ObjectIdentifier(policy), count: count)
        held.answer = store.answer(count, at: microseconds)
        exchange.counts.append(held)
      case .answer, .wait:
        Issue.record("no answer of a limit")
        return false
      }
    }
    Issue.record("it is never content")
    return false
  }

  /// The most that passed in any window of `length`.
  private func most(_ admitted: [UInt64], within length: UInt64) -> Int {
    var (first, most) = (0, 0)
    for index in admitted.indices {
      while admitted[index] - admitted[first] >= length { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }

  /// RTL-01, RTL-05: over any window, and with any arrivals at any gateway.
  @Test(arguments: [("strict", 0), ("leased, lease: 5", 5), ("leased, lease: 40", 40)])
  func `In any window no more pass than limit, burst and a lease for each gateway`(
    sharing: String, lease: Int
  ) {
    for seed in 1...6 {
      let store = Store()
      let policies = (0..<3).map { _ in
        let (policy, report) = limit(
          "{ limit: 100/second, burst: 40, store: shared, sharing: \(sharing) }", gateways: 3)
        #expect(report == "")
        return policy
      }
      var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
      var now: UInt64 = 1_000_000_000
      var admitted: [UInt64] = []
      var asked = 0
      for _ in 0..<20_000 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // Bursts at one gateway or all, and pauses in which leases run out.
        let pause = random >> 60
        now += pause == 0 ? (random >> 20) % 2_000_000 : (random >> 20) % (pause * 600)
        let gateway = Int((random >> 40) % 3)
        if passes(policies[gateway], store, at: now, asked: &asked) { admitted.append(now) }
      }
      #expect(admitted.count > 1000)
      for windows in [1, 2, 10] {
        let length = UInt64(windows) * 1_000_000
        let most = most(admitted, within: length)
        #expect(most <= 100 * windows + 40 + 3 * lease, "seed \(seed), \(windows) windows: \(most)")
      }
      if lease > 0 { #expect(asked < 20_000, "no lease was ever used") }
    }
  }

  @Test func `Who comes often is asked for seldom, and who comes seldom is counted one by one`() {
    let (policy, _) = limit(
      "{ limit: 1000/second, store: shared, sharing: leased, lease: 64 }")
    let store = Store()
    var asked = 0
    for step in 0..<2000 {
      _ = passes(policy, store, at: 1_000_000_000 + UInt64(step) * 1000, asked: &asked)
    }
    #expect(asked < 2000 / 25, "\(asked)")
    asked = 0
    // Twenty seconds between: what is left over goes back, and nothing is lost.
    let (slow, _) = limit("{ limit: 3/minute, store: shared, sharing: leased, lease: 3 }")
    let passed = (0..<60).filter {
      passes(slow, store, at: 5_000_000_000 + UInt64($0) * 20_000_000, asked: &asked)
    }.count
    #expect(passed == 60)
    #expect(asked == 60)
  }

  @Test func `A lease that never came is asked for again`() {
    let table = LeaseTable(lease: 8, keysMax: 1024)
    let key = LimitKey(high: 1, low: 2)
    var asked: UInt64 = 0
    for _ in 0..<20 {
      guard case .asks(let extra, _) = table.take(key, now: Instant(nanoseconds: 1_000)) else {
        Issue.record("a lease from nowhere")
        return
      }
      asked += extra
    }
    #expect(asked <= 8)
    let later = Instant(nanoseconds: 6_000_000_000)
    #expect(table.take(key, now: later) == .asks(extra: 1, returned: 0))
  }

  @Test func `A flood of callers leaves leases bounded and exact`() {
    let table = LeaseTable(lease: 8, keysMax: 1024)
    var leased = 0
    for number in 0..<100_000 {
      let key = LimitKey(high: UInt64(number), low: 1)
      if case .asks(let extra, _) = table.take(key, now: Instant(nanoseconds: 1_000)), extra > 0 {
        leased += 1
      }
    }
    // Those for whom there is no room are counted one by one.
    #expect(leased == 1024)
  }

  @Test func `What is done without the store is the rule's to say`() {
    for (words, wanted) in [
      ("open", [true, true, true, true, true]), ("closed", [false, false, false, false, false]),
      ("local", [true, true, false, false, false]),
    ] {
      // Two gateways: each lets half through by itself.
      let (policy, _) = limit("{ limit: 4/hour, store: shared, when-down: \(words) }")
      let passed = (0..<5).map { _ in
        let exchange = PolicyBench.exchange(consumer: 0)
        guard case .count(let count) = policy.review(exchange) else { return false }
        var held = ExchangeCount(owner: ObjectIdentifier(policy), count: count)
        held.answer = .unknown
        exchange.counts.append(held)
        switch policy.review(exchange) {
        case .proceed: return true
        case .deny(let denial):
          #expect(denial.problem == (words == "closed" ? .overloaded : .rateLimited))
          #expect(denial.retryAfterSeconds > 0)
          return false
        default: return false
        }
      }
      #expect(passed == wanted, "\(words)")
    }
  }

  @Test func `Every gateway has the same key for a caller, and limits do not mix`() {
    func key(_ yaml: String, consumer: Int? = 0, client: String = "192.0.2.1") -> SharedCount.Key {
      let (policy, _) = limit(yaml)
      let exchange = PolicyBench.exchange(client: client, consumer: consumer)
      guard case .count(let count) = policy.review(exchange) else { return .init(high: 0, low: 0) }
      return count.key
    }
    let one = "{ limit: 4/hour, store: shared }"
    #expect(key(one) == key(one))
    // Another number is another limit of the same count; another algorithm is not.
    #expect(key(one) == key("{ limit: 5/hour, store: shared, sharing: leased }"))
    #expect(key(one) != key("{ limit: 4/hour, store: shared, algorithm: fixed-window }"))
    #expect(key(one) != key(one, consumer: 1))
    #expect(key(one) != key("{ limit: 4/hour, store: shared, by: ip }"))
    #expect(key(one) != key("{ limit: 4/hour, store: shared, name: both }"))
    let address = "{ limit: 4/hour, store: shared, by: ip }"
    #expect(
      key(address, client: "2001:db8::1") == key(address, client: "2001:db8::ffff:0:0:1"))
    #expect(key(address, client: "192.0.2.1") == key(address, client: "::ffff:192.0.2.1"))
  }

  @Test(arguments: [
    "{ limit: 5/hour, sharing: strict }", "{ limit: 5/hour, lease: 2 }",
    "{ limit: 5/hour, when-down: open }", "{ limit: 5/hour, name: x }",
    "{ limit: 5/hour, store: shared, lease: 2 }",
    "{ limit: 5/hour, store: shared, sharing: leased, lease: 6 }",
    "{ limit: 5/hour, store: shared, sharing: leased, algorithm: fixed-window }",
    "{ limit: 2000001/second, store: shared }",
    "{ limit: 1/day, burst: 1000, store: shared }", "{ limit: 5/hour, store: moon }",
  ])
  func `What cannot be shared is refused`(yaml: String) {
    #expect(limit(yaml).1 != "")
  }

  @Test func `Sharing needs a store`() {
    #expect(limit("{ limit: 5/hour, store: shared }", gateways: nil).1.contains("counters"))
    #expect(limit("{ limit: 1000000/second, store: shared }").1 == "")
    #expect(limit("{ limit: 1/day, burst: 366, store: shared }").1 == "")
  }
}
