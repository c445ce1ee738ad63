import Storage
import Testing

/// Counts that several gateways add to, in every database there is.
@Suite struct UsageStoreTests {
  private func row(_ name: UInt8, _ count: Int, ends: Int = 100) -> UsageRow {
    UsageRow(name: [UInt8](repeating: name, count: 32), count: count, ends: ends)
  }

  @Test(arguments: StoreBench.allCases)
  func `What is added adds up, and all hear of it`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = try #require(made.store as? any UsageStore)
    #expect(try store.add([row(1, 5), row(2, 7)]).map(\.count) == [5, 7])
    #expect(try store.add([row(1, 3)]).map(\.count) == [8])
    let (rows, position) = try store.usage(after: 0, limit: 10)
    #expect(Set(rows) == [row(1, 8), row(2, 7)])
    #expect(try store.usage(after: position, limit: 10).rows.isEmpty)
    _ = try store.add([row(2, 1)])
    let later = try store.usage(after: position, limit: 10)
    #expect(later.rows == [row(2, 8)] && later.position > position)
  }

  @Test(arguments: StoreBench.allCases)
  func `Many counts are read in parts, and what is over goes`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = try #require(made.store as? any UsageStore)
    for round in 0..<10 {
      _ = try store.add((0..<10).map { row(UInt8(10 * round + $0), 1, ends: 10 * (round + 1)) })
    }
    var (position, found) = (0, Set<[UInt8]>())
    for _ in 0..<20 {
      let (rows, next) = try store.usage(after: position, limit: 25)
      found.formUnion(rows.map(\.name))
      if rows.count < 25 { break }
      #expect(next > position)
      position = next
    }
    #expect(found.count == 100)
    try store.removeUsage(endedBefore: 50, limit: 30)
    #expect(try store.usage(after: 0, limit: 1000).rows.count == 70)
    try store.removeUsage(endedBefore: 50, limit: 1000)
    #expect(try store.usage(after: 0, limit: 1000).rows.count == 50)
  }
}
