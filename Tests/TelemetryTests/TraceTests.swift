import Base
import HTTP
import Testing

@testable import Telemetry

@Suite struct TraceTests {
  private func made(_ count: Int, sampled: UInt64, seeds: (UInt64, UInt64) = (1, 2)) -> [String] {
    var maker = TraceMaker(seeds: seeds)
    return (0..<count).map { _ in
      var fields = Fields()
      maker.append(to: &fields, sampled: sampled)
      return fields.value(.traceparent).map { fields.text($0) } ?? ""
    }
  }

  private func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return TraceParent.isValid(bytes.span)
  }

  @Test func `What is begun is valid and is not begun twice`() {
    let all = made(1000, sampled: 0)
    #expect(all.allSatisfy(isValid))
    #expect(Set(all.map { $0.dropFirst(3).prefix(32) }).count == 1000)
    #expect(Set(all.map { $0.dropFirst(36).prefix(16) }).count == 1000)
    // Another loop, with another step from the same beginning.
    let other = made(1000, sampled: 0, seeds: (1, 4))
    #expect(Set(all + other).count == 2000)
  }

  @Test func `As many are marked as sampled as were asked for`() {
    #expect(made(1000, sampled: 0).allSatisfy { $0.hasSuffix("-00") })
    #expect(made(1000, sampled: .max).allSatisfy { $0.hasSuffix("-01") })
    let tenth = made(10_000, sampled: .max / 10).filter { $0.hasSuffix("-01") }.count
    #expect(tenth > 850 && tenth < 1150)
  }
}
