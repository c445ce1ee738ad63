import Base
import Formats
import HTTP
import PolicyKit
import Synchronization
import Testing

@testable import Policies

@Suite struct RateLimitTests {
  private func passes(_ policy: RateLimitPolicy, _ milliseconds: UInt64, _ client: String) -> Bool {
    let exchange = PolicyBench.exchange(client: client, atMilliseconds: milliseconds)
    return PolicyBench.problem(policy.review(exchange)) == nil
  }

  @Test func `In any window no more passes than limit and burst`() {
    for algorithm in ["gcra", "sliding-window"] {
      let (policy, report) = PolicyBench.make(
        RateLimitPolicy.self, "{ limit: 10/second, burst: 5, by: ip, algorithm: \(algorithm) }")
      #expect(report == "")
      var seed: UInt64 = 42
      var now: UInt64 = 1_000_000
      var admitted: [UInt64] = []
      for _ in 0..<5000 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1
        now += (seed >> 33) % 40
        if passes(policy, now, "192.0.2.1") { admitted.append(now) }
      }
      var (first, most) = (0, 0)
      for index in admitted.indices {
        while admitted[index] - admitted[first] >= 1000 { first += 1 }
        most = max(most, index - first + 1)
      }
      #expect(admitted.count > 500)
      // A window that slides by estimate may be one over at its seam.
      #expect(most <= (algorithm == "gcra" ? 15 : 20), "\(algorithm): \(most)")
    }
  }

  @Test func `A fixed window starts anew at its bound`() {
    let (policy, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 3/second, by: ip, algorithm: fixed-window }")
    let first = (0..<5).filter { passes(policy, 1_000_990 + $0, "192.0.2.1") }.count
    let second = (0..<5).filter { passes(policy, 1_001_000 + $0, "192.0.2.1") }.count
    #expect(first == 3)
    #expect(second == 3)
  }

  @Test func `Callers are counted apart, an IPv6 network as one`() {
    let (policy, _) = PolicyBench.make(RateLimitPolicy.self, "{ limit: 1/minute, by: ip }")
    #expect(passes(policy, 1000, "192.0.2.1"))
    #expect(passes(policy, 1000, "192.0.2.2"))
    #expect(!passes(policy, 1000, "192.0.2.1"))
    #expect(passes(policy, 1000, "2001:db8::1"))
    #expect(!passes(policy, 1000, "2001:db8::2"))
    #expect(passes(policy, 1000, "2001:db8:0:1::1"))
  }

  @Test func `A refusal says when to come again, and answers tell the limit`() {
    let (policy, _) = PolicyBench.make(RateLimitPolicy.self, "{ limit: 1/minute, by: ip }")
    let first = PolicyBench.exchange()
    _ = policy.review(first)
    let told = PolicyBench.value(first.replyFields, "ratelimit-policy")
    #expect(told == "\"ip-1\";q=1;w=60")
    guard case .deny(let denial) = policy.review(PolicyBench.exchange()) else {
      Issue.record("the second request passed")
      return
    }
    #expect(denial.problem == .rateLimited)
    #expect(denial.retryAfterSeconds == 60)
  }

  @Test func `Eight threads get exactly the limit between them`() async {
    let (policy, _) = PolicyBench.make(RateLimitPolicy.self, "{ limit: 1000/hour, by: ip }")
    let admitted = Atomic<Int>(0)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          var mine = 0
          for _ in 0..<5000 {
            let verdict = policy.review(PolicyBench.exchange())
            if PolicyBench.problem(verdict) == nil { mine += 1 }
          }
          return mine
        }
      }
      for await mine in group { admitted.add(mine, ordering: .relaxed) }
    }
    #expect(admitted.load(ordering: .relaxed) == 1000)
  }

  @Test func `A flood of keys frees nobody`() {
    let (policy, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 1/hour, by: ip, keys-max: 1024 }")
    #expect(passes(policy, 1000, "192.0.2.1"))
    for number in 0..<20_000 {
      _ = passes(policy, 1001, IPAddress(v4: 0x0A00_0000 + UInt32(number)).description)
    }
    #expect(!passes(policy, 1002, "192.0.2.1"))
  }

  @Test(arguments: ["gcra", "fixed-window", "sliding-window"])
  func `A table that grows loses no count`(algorithm: String) {
    let (policy, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 1/hour, by: ip, algorithm: \(algorithm) }")
    let callers = (0..<20_000).map { IPAddress(v4: 0x0A00_0000 + UInt32($0)).description }
    #expect(callers.allSatisfy { passes(policy, 1000, $0) })
    #expect(!callers.contains { passes(policy, 1001, $0) })
  }

  @Test func `A reload keeps the counts`() {
    let retained = RetainedState()
    let (before, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 1/hour, by: ip }", retained: retained)
    #expect(passes(before, 1000, "192.0.2.1"))
    let (after, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 1/hour, by: ip }", retained: retained)
    #expect(!passes(after, 1001, "192.0.2.1"))
  }

  @Test(arguments: [
    "{}", "{ limit: 0/second }", "{ limit: 5/week }", "{ limit: 5/hour, by: moon }",
  ])
  func `What is no limit is reported`(yaml: String) {
    #expect(PolicyBench.make(RateLimitPolicy.self, yaml).report != "")
  }
}
