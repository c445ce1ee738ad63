import Base
import Testing

@testable import Detection

/// Each sketch against the exact figure.
@Suite struct SketchTests {
  private let mix = KeyMix(seed: 11)

  @Test func `Linear counting is right to a few in a hundred`() {
    for exact in [1, 10, 20, 50, 100, 200, 400] {
      var (error, runs) = (0.0, 0)
      for run in 0..<20 {
        var count = LinearCount()
        for key in 0..<exact {
          for _ in 0..<3 { count.insert(mix.key(UInt64(run), UInt64(key))) }
        }
        let off = (count.estimate - Double(exact)) / Double(exact)
        error += off * off
        runs += 1
      }
      #expect((error / Double(runs)).squareRoot() < 0.09, "\(exact)")
    }
  }

  @Test func `Quantiles are within five per cent of the exact ones`() {
    var (sketch, numbers) = (QuantileSketch(), [Double]())
    var random = SeededRandom(5)
    for _ in 0..<20_000 {
      let number = Exponent.exp2(10 + 3 * random.normal())
      sketch.insert(number)
      numbers.append(number)
    }
    numbers.sort()
    for share in [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999] {
      let exact = numbers[Int(Double(numbers.count - 1) * share)]
      #expect(abs(sketch.quantile(share) - exact) / exact < 0.051, "\(share)")
    }
    #expect(QuantileSketch().quantile(0.5) == 0)
    // What is not a size of anything does no harm.
    for odd in [-1, 0, Double.infinity, .nan, 1e300] { sketch.insert(odd) }
    #expect(sketch.count == 20_005)
  }

  @Test func `Powers and logarithms are right to nine digits`() {
    for number in [1e-9, 0.1, 1, 1.5, 2, 3, 10, 12_345, 1e12] {
      let back = Exponent.exp2(Exponent.log2(number))
      #expect(abs(back / number - 1) < 1e-7, "\(number)")
    }
    #expect(Exponent.log2(8) == 3)
    #expect(abs(Angle.sine(1) - 0.841_470_984_8) < 1e-7)
    #expect(abs(Angle.cosine(1) - 0.540_302_305_9) < 1e-7)
    #expect(abs(Angle.arcsine(0.5) - 0.523_598_775_6) < 1e-7)
  }

  @Test func `A window forgets what is older than it`() {
    var (count, distinct) = (RecentCount(), RecentDistinct())
    for second in 0..<600 {
      count.add(at: UInt64(1_000_000 + second * 1000), window: 100_000)
      distinct.insert(
        mix.key(UInt64(second)), at: UInt64(1_000_000 + second * 1000), window: 100_000)
    }
    let sum = count.value(at: 1_599_000, window: 100_000)
    #expect((50...100).contains(sum))
    #expect((45...115).contains(distinct.estimate(at: 1_599_000, window: 100_000)))
    #expect(count.value(at: 2_000_000, window: 100_000) == 0)
    #expect(distinct.estimate(at: 2_000_000, window: 100_000) == 0)
  }

  @Test func `Members are remembered, and few others are taken for them`() {
    var members = RecentMembers()
    for key in 0..<16_000 { members.insert(mix.key(UInt64(key))) }
    #expect((0..<16_000).allSatisfy { members.contains(mix.key(UInt64($0))) })
    let wrong = (100_000..<200_000).count { members.contains(mix.key(UInt64($0))) }
    #expect(wrong < 300, "\(wrong)")
    for key in 20_000..<60_000 { members.insert(mix.key(UInt64(key))) }
    #expect((55_000..<60_000).allSatisfy { members.contains(mix.key(UInt64($0))) })
    #expect(!members.contains(mix.key(5)) || !members.contains(mix.key(6)))
  }

  /// AVL-03, DOS-01: nobody fills the memory, or drives out who is watched.
  @Test func `A flood of distinct keys grows nothing, and drives out no key that weighs`() {
    var table = KeyedTable(capacity: 1024, halfLifeSeconds: 300, fresh: 0)
    let bytes = table.bytesHeld
    for watched in 0..<100 {
      for _ in 0..<5 { table.update(mix.key(UInt64(watched)), at: 1_000_000) { $0 += 1 } }
    }
    for key in 0..<1_000_000 { table.update(mix.key(UInt64(key), 77), at: 1_001_000) { $0 += 1 } }
    #expect(table.bytesHeld == bytes)
    #expect(table.evictions > 900_000)
    let kept = (0..<100).count { watched in
      table.updateIfKnown(mix.key(UInt64(watched))) { $0 } == 5
    }
    #expect(kept >= 98, "\(kept)")
    // Once they are not seen any more they go.
    for key in 0..<100_000 { table.update(mix.key(UInt64(key), 99), at: 9_001_000) { $0 += 1 } }
    #expect((0..<100).allSatisfy { table.updateIfKnown(mix.key(UInt64($0))) { $0 } == nil })
  }

  @Test func `What is usual is learnt, and one who is far out does not become usual at once`() {
    var usual = Baseline()
    for step in 0..<200 { usual.learn(Double(100 + step % 10), memory: 50) }
    #expect(abs(usual.mean - 104.5) < 1)
    #expect(usual.score(104, floor: 1) < 1)
    #expect(usual.score(200, floor: 1) > 10)
    for _ in 0..<5 { usual.learn(10_000, memory: 50) }
    #expect(usual.mean < 130)
  }
}
