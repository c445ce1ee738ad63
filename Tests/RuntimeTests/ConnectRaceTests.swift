import Base
import Testing

@testable import Runtime

@Suite struct ConnectRaceTests {
  private let six = IPAddress(high: 0x2001_0DB8_0000_0000, low: 1)
  private let four = IPAddress(v4: 0xC000_0201)
  private let other = IPAddress(v4: 0xC000_0202)

  @Test func `Without addresses the race fails at once`() {
    var race = ConnectRace(addresses: [])
    #expect(race.begin() == .fail)
    #expect(race.delayMilliseconds == nil)
    #expect(race.handle(.delayPassed) == .wait)
  }

  @Test func `The next address starts after the delay, and the winner ends the others`() {
    var race = ConnectRace(addresses: [six, four, other])
    #expect(race.begin() == .startAttempt(number: 0, address: six))
    #expect(race.delayMilliseconds == 250)
    #expect(race.handle(.delayPassed) == .startAttempt(number: 1, address: four))
    #expect(race.handle(.connected(1)) == .cancelOthers(keeping: 1))
    #expect(race.delayMilliseconds == nil)
    #expect(race.handle(.delayPassed) == .wait)
  }

  @Test func `A failure starts the next address without waiting`() {
    var race = ConnectRace(addresses: [six, four])
    _ = race.begin()
    #expect(race.handle(.attemptFailed(0)) == .startAttempt(number: 1, address: four))
    #expect(race.delayMilliseconds == nil)
    #expect(race.handle(.attemptFailed(0)) == .discard)
    #expect(race.handle(.connected(0)) == .discard)
    #expect(race.handle(.connected(1)) == .cancelOthers(keeping: 1))
  }

  @Test func `The race fails when the last of all attempts has failed, in any order`() {
    var race = ConnectRace(addresses: [six, four])
    _ = race.begin()
    _ = race.handle(.delayPassed)
    #expect(race.handle(.delayPassed) == .wait)
    #expect(race.handle(.attemptFailed(1)) == .wait)
    #expect(race.handle(.attemptFailed(0)) == .fail)
    #expect(race.handle(.attemptFailed(0)) == .discard)
  }

  @Test func `The first address can still win after later ones began`() {
    var race = ConnectRace(addresses: [six, four, other])
    _ = race.begin()
    _ = race.handle(.delayPassed)
    #expect(race.handle(.attemptFailed(1)) == .startAttempt(number: 2, address: other))
    #expect(race.handle(.connected(0)) == .cancelOthers(keeping: 0))
  }

  @Test func `What comes after the end, twice or out of nothing is discarded`() {
    var race = ConnectRace(addresses: [six, four])
    _ = race.begin()
    #expect(race.handle(.attemptFailed(1)) == .discard)
    #expect(race.handle(.connected(1)) == .discard)
    #expect(race.handle(.attemptFailed(-1)) == .discard)
    #expect(race.handle(.connected(64)) == .discard)
    #expect(race.handle(.delayPassed) == .startAttempt(number: 1, address: four))
    #expect(race.handle(.connected(0)) == .cancelOthers(keeping: 0))
    #expect(race.handle(.connected(1)) == .discard)
    #expect(race.handle(.connected(0)) == .discard)
    #expect(race.handle(.attemptFailed(1)) == .discard)
  }

  @Test func `The delay stays within the bounds of RFC 8305`() {
    for (given, used) in [(0, 100), (-5, 100), (250, 250), (60_000, 2000)] {
      var race = ConnectRace(addresses: [six, four], delayMilliseconds: given)
      _ = race.begin()
      #expect(race.delayMilliseconds == used)
    }
  }

  @Test func `At most sixty-four addresses are tried, each exactly once`() {
    let many = (0..<100).map { IPAddress(v4: 0x0A00_0000 + $0) }
    var race = ConnectRace(addresses: many)
    var started: [IPAddress] = []
    var action = race.begin()
    while case .startAttempt(let number, let address) = action {
      started.append(address)
      action = race.handle(.attemptFailed(number))
    }
    #expect(action == .fail)
    #expect(started == Array(many.prefix(64)))
  }
}
