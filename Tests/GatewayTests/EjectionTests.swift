import Base
import Testing

@testable import Gateway

@Suite struct EjectionTests {
  private func at(_ milliseconds: Int) -> Instant {
    Instant(nanoseconds: 0).adding(milliseconds: milliseconds)
  }

  @Test func `Five failures in a row eject for a second`() {
    var ejection = Ejection()
    for _ in 0..<4 { ejection.failed(now: at(10)) }
    #expect(ejection.isAvailable(now: at(10)))
    ejection.failed(now: at(10))
    #expect(!ejection.isAvailable(now: at(1_009)))
    #expect(ejection.isAvailable(now: at(1_010)))
  }

  @Test func `An answer begins the count anew`() {
    var ejection = Ejection()
    for _ in 0..<4 { ejection.failed(now: at(10)) }
    ejection.succeeded()
    for _ in 0..<4 { ejection.failed(now: at(10)) }
    #expect(ejection.isAvailable(now: at(10)))
  }

  @Test func `Each further ejection lasts twice as long, up to half a minute`() {
    var ejection = Ejection()
    var now = 0
    for _ in 0..<5 { ejection.failed(now: at(now)) }
    for seconds in [1, 2, 4, 8, 16, 30, 30] {
      #expect(ejection.returnsAt == at(now + seconds * 1_000))
      now += seconds * 1_000
      ejection.failed(now: at(now))
    }
  }

  @Test func `Failures during an ejection do not lengthen it`() {
    var ejection = Ejection()
    for _ in 0..<50 { ejection.failed(now: at(10)) }
    #expect(ejection.returnsAt == at(1_010))
  }

  @Test func `Of ejected ones the soonest to return is found`() {
    var ejections = [Ejection(), Ejection(), Ejection()]
    for (index, milliseconds) in [300, 100, 200].enumerated() {
      for _ in 0..<5 { ejections[index].failed(now: at(milliseconds)) }
    }
    #expect(Ejection.soonest(ejections, excluding: 0) == 1)
    #expect(Ejection.soonest(ejections, excluding: 0b010) == 2)
    #expect(Ejection.soonest(ejections, excluding: 0b111) == nil)
  }

  @Test func `When it returns, one exchange at a time shows whether it is well`() {
    var ejection = Ejection()
    let start = Instant(nanoseconds: 1)
    for _ in 0..<Ejection.failuresMax { ejection.failed(now: start) }
    let back = start.adding(milliseconds: Ejection.shortestMilliseconds)
    #expect(ejection.isAvailable(now: back))
    ejection.chosen(now: back)
    #expect(!ejection.isAvailable(now: back))
    // Its end alone says nothing, so the next one is a trial as well.
    ejection.ended()
    #expect(ejection.isAvailable(now: back))
    ejection.chosen(now: back)
    ejection.failed(now: back)
    #expect(!ejection.isAvailable(now: back))
    let later = back.adding(milliseconds: 2 * Ejection.shortestMilliseconds)
    ejection.chosen(now: later)
    ejection.succeeded()
    ejection.chosen(now: later)
    #expect(ejection.isAvailable(now: later))
  }
}
