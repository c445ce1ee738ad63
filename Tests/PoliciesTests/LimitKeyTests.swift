import Base
import Formats
import HTTP
import PolicyKit
import Synchronization
import Testing

@testable import Policies

/// Whom limits count, and that nobody gets out of it by how a request is written.
@Suite struct LimitKeyTests {
  private func passes(_ policy: some RequestPolicy, _ exchange: BenchExchange) -> Bool {
    PolicyBench.problem(policy.review(exchange)) == nil
  }

  /// RTL-14: names of fields have no case, and one that stands twice chooses nothing.
  @Test func `A field that is written otherwise, or twice, is no other caller`() {
    let (policy, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 1/hour, by: \"header:X-Tenant\" }")
    #expect(passes(policy, PolicyBench.exchange([("x-tenant", "a")])))
    #expect(!passes(policy, PolicyBench.exchange([("x-tenant", "a")])))
    #expect(passes(policy, PolicyBench.exchange([("x-tenant", "b")])))
    // Two fields: the address counts, whatever they say.
    #expect(passes(policy, PolicyBench.exchange([("x-tenant", "c"), ("x-tenant", "a")])))
    #expect(!passes(policy, PolicyBench.exchange([("x-tenant", "d"), ("x-tenant", "a")])))
    #expect(!passes(policy, PolicyBench.exchange()))
  }

  /// RTL-14: an address has one form, and a network of IPv6 is one caller.
  @Test func `An address that is written otherwise is no other caller`() {
    let (policy, _) = PolicyBench.make(RateLimitPolicy.self, "{ limit: 1/hour, by: ip }")
    #expect(passes(policy, PolicyBench.exchange(client: "192.0.2.1")))
    #expect(!passes(policy, PolicyBench.exchange(client: "::ffff:192.0.2.1")))
    #expect(passes(policy, PolicyBench.exchange(client: "2001:db8::1")))
    #expect(!passes(policy, PolicyBench.exchange(client: "2001:db8:0:0:ffff::")))
  }

  /// RTL-15: what is counted before anybody asks who calls.
  @Test func `A limit at the door comes before identification, and one by consumer after it`() {
    #expect(AdmissionLimitPolicy.manifest.stage < APIKeyPolicy.manifest.stage)
    #expect(RateLimitPolicy.manifest.stage > APIKeyPolicy.manifest.stage)
    let (policy, report) = PolicyBench.make(AdmissionLimitPolicy.self, "{ limit: 2/hour }")
    #expect(report == "")
    #expect(type(of: policy as any Policy).manifest.name == "admission-limit")
    #expect((0..<5).filter { _ in passes(policy, PolicyBench.exchange()) }.count == 2)
    #expect(passes(policy, PolicyBench.exchange(client: "192.0.2.9")))
    for by in ["consumer", "claim:sub"] {
      #expect(
        PolicyBench.make(AdmissionLimitPolicy.self, "{ limit: 2/hour, by: \"\(by)\" }").report
          .contains("not known yet"))
    }
  }

  /// RTL-02: around a bound, a fixed window lets twice the limit through, which others do not.
  @Test func `Only a fixed window lets twice the limit through around a bound`() {
    for (algorithm, most) in [("fixed-window", 20), ("sliding-window", 11), ("gcra", 11)] {
      let (policy, _) = PolicyBench.make(
        RateLimitPolicy.self, "{ limit: 10/second, by: ip, algorithm: \(algorithm) }")
      let passed = [999_990, 1_000_010].map { milliseconds in
        (0..<30).filter { _ in
          passes(policy, PolicyBench.exchange(atMilliseconds: UInt64(milliseconds)))
        }.count
      }
      #expect(passed[0] + passed[1] <= most, "\(algorithm): \(passed)")
      #expect(algorithm != "fixed-window" || passed == [10, 10])
    }
  }

  /// RTL-03: 64 tasks and ten million hits, on one node, and not one is lost.
  @Test func `Ten million hits of 64 tasks are counted exactly`() async {
    let table = LimitTable(
      rate: Rate(count: 9_000_000, windowSeconds: 86_400), burst: 9_000_000, algorithm: .gcra,
      keysMax: 1024)
    let hits = 156_250
    let admitted = Atomic<Int>(0)
    await withTaskGroup { group in
      for _ in 0..<64 {
        group.addTask {
          var mine = 0
          for _ in 0..<hits
          where table.admit(LimitKey(high: 5, low: 6), now: Instant(nanoseconds: 1)).isAllowed {
            mine += 1
          }
          return mine
        }
      }
      for await mine in group { admitted.add(mine, ordering: .relaxed) }
    }
    #expect(64 * hits == 10_000_000)
    #expect(admitted.load(ordering: .relaxed) == 9_000_000)
  }

  /// RTL-11: who is refused is let in as soon as the pace allows, however often he has tried.
  @Test(arguments: ["gcra", "fixed-window", "sliding-window"])
  func `Refused calls do not extend a refusal`(algorithm: String) {
    let (policy, _) = PolicyBench.make(
      RateLimitPolicy.self, "{ limit: 2/second, by: ip, algorithm: \(algorithm) }")
    for _ in 0..<2 { _ = passes(policy, PolicyBench.exchange(atMilliseconds: 1_000_000)) }
    for step in 0..<400 {
      #expect(!passes(policy, PolicyBench.exchange(atMilliseconds: 1_000_001 + UInt64(step))))
    }
    #expect(passes(policy, PolicyBench.exchange(atMilliseconds: 1_002_001)))
  }

  /// RTL-12: what is told is true, and does not jump about.
  @Test func `Retry-After and what remains are right and monotone`() {
    let (policy, _) = PolicyBench.make(RateLimitPolicy.self, "{ limit: 6/minute, by: ip }")
    var before = 6
    for _ in 0..<6 {
      let exchange = PolicyBench.exchange()
      _ = policy.review(exchange)
      let told = PolicyBench.value(exchange.replyFields, "ratelimit") ?? ""
      let left = told.split(separator: "r=").last?.prefix { $0.isNumber }
      let now = left.flatMap { Int($0) } ?? -1
      #expect(now == before - 1)
      before = now
    }
    var waits: [Int] = []
    for seconds in 0..<10 {
      let exchange = PolicyBench.exchange(atMilliseconds: 1_000_000 + UInt64(seconds) * 1000)
      guard case .deny(let denial) = policy.review(exchange) else {
        Issue.record("it passed after \(seconds) s")
        return
      }
      waits.append(denial.retryAfterSeconds)
    }
    #expect(waits == (1...10).reversed())
    #expect(passes(policy, PolicyBench.exchange(atMilliseconds: 1_010_000)))
  }

  /// RTL-08: limits go by the monotonic clock; a step of the wall clock is nothing to them.
  @Test func `A step of the wall clock neither frees nor locks out`() {
    for algorithm in ["gcra", "fixed-window", "sliding-window"] {
      let (policy, _) = PolicyBench.make(
        RateLimitPolicy.self, "{ limit: 3/minute, by: ip, algorithm: \(algorithm) }")
      for step in [0, 3_600_000, -3_600_000] {
        let exchange = PolicyBench.exchange()
        exchange.wallMilliseconds = UInt64(1_800_000_000_000 + step)
        #expect(passes(policy, exchange))
      }
      let exchange = PolicyBench.exchange()
      exchange.wallMilliseconds = 1_800_003_600_000
      #expect(!passes(policy, exchange))
    }
  }
}
