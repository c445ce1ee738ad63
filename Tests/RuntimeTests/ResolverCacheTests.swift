import Base
import Testing

@testable import Runtime

@Suite struct ResolverCacheTests {
  private let start = Instant(nanoseconds: 1_000_000_000)
  private let found = ResolverLookup.Found(addresses: [IPAddress(v4: 0x0A00_0001)], ttlSeconds: 60)

  private func later(_ seconds: Int) -> Instant { start.adding(milliseconds: seconds * 1000) }

  private func isStale(_ outcome: Result<ResolverAnswer, ResolverError>) -> Bool? {
    guard case .success(let answer) = outcome else { return nil }
    return answer.isStale
  }

  @Test func `Last good addresses last through many failures but not for ever`() {
    var cache = ResolverCache(firstFamily: .v6)
    #expect(isStale(cache.store(.success(found), for: "a", now: start)) == false)
    for hour in 1..<24 {
      let outcome = cache.store(.failure(.timedOut), for: "a", now: later(hour * 3600))
      #expect(isStale(outcome) == true)
    }
    let last = cache.store(.failure(.timedOut), for: "a", now: later(86_400))
    #expect(last == .failure(.timedOut))
  }

  @Test func `An answer that there is nothing drops the last good addresses`() {
    var cache = ResolverCache(firstFamily: .v6)
    _ = cache.store(.success(found), for: "a", now: start)
    #expect(cache.store(.failure(.noAddresses), for: "a", now: later(61)) == .failure(.noAddresses))
    #expect(cache.store(.failure(.timedOut), for: "a", now: later(70)) == .failure(.timedOut))
  }

  @Test func `The cache never holds more names than its limit`() {
    var cache = ResolverCache(firstFamily: .v6, namesMax: 3)
    for number in 0..<10 {
      _ = cache.store(.success(found), for: "n\(number)", now: later(number))
    }
    #expect(cache.count == 3)
    #expect(cache.outcome(for: "n9", now: later(10)) != nil)
    #expect(cache.outcome(for: "n0", now: later(10)) == nil)
  }
}
