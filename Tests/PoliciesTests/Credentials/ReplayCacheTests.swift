import Crypto
import Testing

@testable import Policies

@Suite struct ReplayCacheTests {
  private func digest(_ number: Int) -> Digest256 { SHA256Hasher().hash("\(number)".utf8.span) }

  @Test func `What was seen is known for its lifetime at least`() {
    let cache = ReplayCache(lifetimeMilliseconds: 1000)
    for start in stride(from: UInt64(10_000), to: 12_000, by: 250) {
      let one = digest(Int(start))
      #expect(cache.note(one, nowMilliseconds: start) == .new)
      for later in stride(from: UInt64(0), through: 1000, by: 250) {
        #expect(cache.note(one, nowMilliseconds: start + later) == .known)
      }
    }
    #expect(cache.note(digest(10_000), nowMilliseconds: 20_000) == .new)
  }

  @Test func `It is full rather than forgetful, until the time is over`() {
    let cache = ReplayCache(lifetimeMilliseconds: 1000, countMax: 64 * 4)
    var taken: [Int] = []
    var isFull = false
    for number in 0..<2000 {
      switch cache.note(digest(number), nowMilliseconds: 5000) {
      case .new: taken.append(number)
      case .full: isFull = true
      case .known: Issue.record("\(number) was never seen")
      }
    }
    #expect(isFull)
    #expect(taken.count == 64 * 4)
    #expect(taken.allSatisfy { cache.note(digest($0), nowMilliseconds: 5999) == .known })
    #expect(cache.note(digest(5000), nowMilliseconds: 9000) == .new)
  }

  @Test func `Of many at once, one alone is the first`() async {
    let cache = ReplayCache(lifetimeMilliseconds: 60_000)
    let digest = digest(1)
    let firsts = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<64 {
        group.addTask { cache.note(digest, nowMilliseconds: 1000) == .new ? 1 : 0 }
      }
      return await group.reduce(0, +)
    }
    #expect(firsts == 1)
  }
}
