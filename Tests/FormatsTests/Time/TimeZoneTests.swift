import Base
import Foundation
import Testing

@testable import Formats

/// Time zones of the system, held against another reader of them.
@Suite struct TimeZoneTests {
  private func zone(_ name: String) throws -> TimeZoneRules {
    let data = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)"))
    let bytes = Array(data)
    let read = TimeZoneRules(file: bytes.span)
    return try #require(read)
  }

  private static let names = [
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Havana", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran",
    "Asia/Beirut", "America/Sao_Paulo", "America/Nuuk", "Pacific/Kiritimati", "Etc/GMT+12", "UTC",
    "Antarctica/Troll", "Asia/Gaza",
  ]

  @Test(arguments: names) func `Offsets are those of another reader`(name: String) throws {
    let rules = try zone(name)
    let other = try #require(TimeZone(identifier: name))
    // From 1975 to 2037, every eleven hours and some: past all known changes and into rules.
    for seconds in stride(from: 157_766_400, to: 2_145_916_800, by: 39_811) {
      let wanted = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
      #expect(rules.offset(at: seconds) == wanted, "\(name) at \(seconds)")
      if rules.offset(at: seconds) != wanted { return }
    }
  }

  /// RTL-17: quotas begin anew where the calendar does, summer time or not.
  @Test(arguments: names) func `Days, weeks and months are those of another calendar`(
    name: String
  ) throws {
    let rules = try zone(name)
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try #require(TimeZone(identifier: name))
    for seconds in stride(from: 1_577_836_800, to: 1_893_456_000, by: 172_801) {
      let date = Date(timeIntervalSince1970: Double(seconds))
      for (period, unit) in [
        (CalendarPeriod.day, Calendar.Component.day), (.week, .weekOfYear), (.month, .month),
      ] {
        // It has none where a week begins at one o'clock in Nuuk.
        guard let wanted = calendar.dateInterval(of: unit, for: date) else { continue }
        let found = period.bounds(containing: UInt64(seconds) * 1000, in: rules)
        #expect(found.start == UInt64(wanted.start.timeIntervalSince1970 * 1000), "\(date) \(unit)")
        #expect(found.end == UInt64(wanted.end.timeIntervalSince1970 * 1000), "\(date) \(unit)")
        if found.start != UInt64(wanted.start.timeIntervalSince1970 * 1000) { return }
      }
    }
  }

  @Test func `A day has 23 or 25 hours where clocks change`() throws {
    let berlin = try zone("Europe/Berlin")
    func hours(_ text: String) throws -> UInt64 {
      let time = UInt64(try #require(Timestamp.milliseconds(text)))
      let (start, end) = CalendarPeriod.day.bounds(containing: time, in: berlin)
      return (end - start) / 3_600_000
    }
    #expect(try hours("2026-03-28T12:00:00Z") == 24)
    #expect(try hours("2026-03-29T12:00:00Z") == 23)
    #expect(try hours("2026-10-25T12:00:00Z") == 25)
    // One second before midnight and at it.
    let late = UInt64(try #require(Timestamp.milliseconds("2026-03-29T21:59:59Z")))
    let (_, end) = CalendarPeriod.day.bounds(containing: late, in: berlin)
    #expect(end == late + 1000)
    #expect(CalendarPeriod.day.bounds(containing: end, in: berlin).start == end)
  }

  @Test func `Periods follow each other without a gap`() throws {
    for name in ["America/Havana", "Asia/Beirut", "America/Nuuk", "Europe/Berlin"] {
      let rules = try zone(name)
      for period in [CalendarPeriod.day, .week, .month] {
        var now = UInt64(1_577_836_800_000)
        for _ in 0..<800 where now < 1_893_456_000_000 {
          let (start, end) = period.bounds(containing: now, in: rules)
          #expect(start <= now && now < end)
          let next = period.bounds(containing: end, in: rules)
          #expect(next.start == end, "\(name) \(period) \(end)")
          #expect(period.bounds(containing: end - 1, in: rules).end == end)
          now = end
        }
      }
    }
  }

  @Test(arguments: [
    "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3", "IST-1GMT0,M10.5.0,M3.5.0/1", "AAA0BBB,J60/0,J300",
    "AAA0BBB,59/-167,300/167", "EST5EDT,M3.2.0,M11.1.0",
  ])
  func `Rules are read`(text: String) {
    let rule = ZoneRule(text.utf8.span)
    #expect(rule != nil)
  }

  @Test(arguments: [
    "", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "<+03-3",
    "CET-168", "CET-1:60", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
    "CET-1CEST,J0,J1", "CET-1CEST,366,1", "CET-1CEST,M3.5.0,M10.5.0,", "CET-1CEST,1/168,2",
  ])
  func `What is no rule is refused`(text: String) {
    let rule = ZoneRule(text.utf8.span)
    #expect(rule == nil)
  }

  @Test func `A file that is cut, or says what cannot be, is refused`() throws {
    let data = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Berlin"))
    let bytes = Array(data)
    func isRead(_ bytes: [UInt8]) -> Bool { TimeZoneRules(file: bytes.span) != nil }
    #expect(isRead(bytes))
    for count in 0..<bytes.count { #expect(!isRead(Array(bytes[..<count]))) }
    var other = bytes
    other[0] = 0
    #expect(!isRead(other))
    var old = bytes
    old[4] = 0
    #expect(!isRead(old))
    #expect(!isRead([UInt8](repeating: 0, count: 300_000)))
  }

  @Test func `How often is read with its unit`() {
    #expect(Frequency("100/minute")?.seconds == 60)
    #expect(Frequency("5/month")?.seconds == nil && Frequency("5/month")?.count == 5)
    #expect(Frequency("1000000000000/day") != nil)
    for text in [
      "0/day", "1000000000001/day", "5", "5/", "/day", "5/fortnight", "5/day/", "-1/day",
    ] {
      #expect(Frequency(text) == nil, "\(text)")
    }
  }
}
