import Base
import HTTP
import Telemetry
import Testing

@testable import Events

/// Each filter finds the same in journals as in pages, and the same as a look at each event.
@Suite struct EventSearchTests {
  private let sample: Sample
  private let store: EventStore
  private let all: [Seen]

  init() throws {
    sample = try Sample()
    store = try EventStore(EventStoreSettings(folder: sample.folder))
    var ones: [Sample.One] = []
    for number in 0..<2000 {
      var one = Sample.One()
      one.time += UInt64(number) * 10
      one.status = [200, 404, 500, 0][number % 4]
      one.problem = number % 4 == 1 ? .notFound : nil
      one.consumer = ["shop", "app", ""][number % 3]
      one.client = "10.0.\(number % 5).\(number % 200)"
      one.path = number % 10 == 0 ? "/admin/\(number)" : "/orders/\(number)"
      one.route = number % 2 == 0 ? "even" : "odd"
      one.policy = number % 8 == 1 ? "access" : ""
      one.method = number % 9 == 0 ? "POST" : "GET"
      let digits = String(number, radix: 16)
      let hex = String(repeating: "a", count: 32 - digits.count) + digits
      one.requestID = number % 2 == 0 ? hex : "name-\(number)"
      one.trace = (UInt64(number + 1), 7)
      ones.append(one)
    }
    var seen: [Seen] = []
    for start in stride(from: 0, to: ones.count, by: 100) {
      let block = sample.block(Array(ones[start..<start + 100]))
      seen += Seen.all([block])
      store.receive(block)
    }
    all = seen
  }

  private func check(_ filter: EventFilter, count: Int) {
    for isPage in [false, true] {
      if isPage { store.flush() }
      let result = EventSearch(folder: sample.folder).run(filter, limit: 5000)
      let found = Seen.all(result.blocks)
      #expect(found.count == count && result.matchCount == count, "in pages: \(isPage)")
      #expect(found == found.sorted { $0.time > $1.time })
      #expect(Set(found).isSubset(of: Set(all)))
      let few = EventSearch(folder: sample.folder).run(filter, limit: 3)
      #expect(Seen.all(few.blocks) == Array(found.prefix(3)))
      let counted = EventSearch(folder: sample.folder).run(filter, limit: 1, countsAll: true)
      #expect(counted.matchCount == count)
    }
  }

  @Test func `All events are found by asking nothing`() { check(EventFilter(), count: 2000) }

  @Test func `Events are found by time, both ends included`() {
    var filter = EventFilter()
    filter.since = Sample.moment + 100
    filter.until = Sample.moment + 200
    check(filter, count: 11)
  }

  @Test func `Events are found by status, of which there may be several ranges`() {
    var filter = EventFilter()
    filter.statuses = [404...404, 500...599]
    check(filter, count: 1000)
    filter.statuses = [300...399]
    check(filter, count: 0)
  }

  @Test func `Events are found by what became of them`() {
    var filter = EventFilter()
    filter.outcome = .refused
    check(filter, count: 500)
    filter.outcome = .failed
    check(filter, count: 1000)
    filter.outcome = .ok
    check(filter, count: 500)
  }

  @Test func `Events are found by consumer, route, policy and method`() {
    var filter = EventFilter()
    filter.texts = [(.consumer, Array("app".utf8))]
    check(filter, count: 667)
    filter.texts.append((.route, Array("even".utf8)))
    check(filter, count: 333)
    filter.texts = [(.policy, Array("access".utf8))]
    check(filter, count: 250)
    filter.texts = [(.method, Array("POST".utf8)), (.consumer, Array("nobody".utf8))]
    check(filter, count: 0)
  }

  @Test func `Events are found by address, and by a block of addresses`() {
    var filter = EventFilter()
    filter.client = AddressBlock("10.0.3.0/24")
    check(filter, count: 400)
    filter.client = AddressBlock("10.0.3.13")
    check(filter, count: 10)
  }

  @Test func `Events are found by how the path begins`() {
    var filter = EventFilter()
    filter.pathPrefix = Array("/admin/".utf8)
    check(filter, count: 200)
    filter.pathPrefix = Array("/orders/1999".utf8)
    check(filter, count: 1)
  }

  @Test func `Events are found by the name of a request, in whatever form, and by trace`() {
    var filter = EventFilter()
    filter.requestID = Array("name-77".utf8)
    check(filter, count: 1)
    filter.requestID = Array((String(repeating: "a", count: 30) + "64").utf8)
    check(filter, count: 1)
    filter.requestID = Array("none".utf8)
    check(filter, count: 0)
    filter.requestID = nil
    filter.trace = (100, 7)
    check(filter, count: 1)
    filter.texts = [(.consumer, Array("nobody".utf8))]
    check(filter, count: 0)
  }

  @Test func `Events are found by everything at once`() {
    var filter = EventFilter()
    filter.since = Sample.moment + 1000
    filter.statuses = [200...299]
    filter.texts = [(.route, Array("even".utf8))]
    filter.client = AddressBlock("10.0.0.0/16")
    filter.pathPrefix = Array("/orders/".utf8)
    check(filter, count: 380)
  }
}
