import Base
import Events
import Formats
import HTTP
import Runtime
import Telemetry

/// Measures a store on this machine: how fast it takes events, how large they become, and how soon
/// some of them are found.
///
/// The events are made up: a thousand consumers of unequal diligence, addresses of their own, forty
/// routes with numbers in their paths, a name for each request, and a trace for every other.
struct EventMeasurement {
  let folder: String
  let count: Int

  func run(in surroundings: Surroundings) -> Int32 {
    guard SystemFile.list(folder).isEmpty else {
      surroundings.complain("gatehouse: \(folder) is not empty\n")
      return 1
    }
    do throws(EventsError) {
      let store = try EventStore(EventStoreSettings(folder: folder, bytesMax: 1 << 40))
      let nanoseconds = fill(store)
      store.flush()
      store.finish()
      let bytes = SystemFile.list(folder).reduce(0) {
        $0 + (SystemFile.count("\(folder)/\($1)") ?? 0)
      }
      let rate = Double(count) / (Double(nanoseconds) / 1e9)
      surroundings.print(
        "taken: \(Int(rate)) events/s by one core (\(nanoseconds / UInt64(count)) ns each)\n"
          + "size: \(tenths(Double(bytes) / Double(count))) bytes/event, \(bytes) bytes\n")
      search(surroundings)
      return 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }

  private func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

  // MARK: Taking

  /// Fills the store; the processor time that the store took, without that of making events up.
  private func fill(_ store: EventStore) -> UInt64 {
    let taker = MeasuredStore(store)
    let stream = EventStream(node: "measured")
    let buffer = EventBuffer(stream, worker: 0) { block in taker.receive(block) }
    var maker = EventMaker()
    for _ in 0..<count { maker.append(to: buffer) }
    buffer.flush()
    return taker.nanoseconds
  }

  // MARK: Finding

  private func search(_ surroundings: Surroundings) {
    let end = EventMaker.begin + UInt64(count) * EventMaker.stepMilliseconds
    var questions: [(String, EventFilter)] = []
    func add(_ name: String, _ change: (inout EventFilter) -> Void) {
      var filter = EventFilter()
      change(&filter)
      questions.append((name, filter))
    }
    add("the latest") { _ in }
    add("status 500, all there are") { $0.statuses = [500...500] }
    add("refused, for one consumer") {
      $0.outcome = .refused
      $0.texts = [(.consumer, Array("consumer-17".utf8))]
    }
    add("one address") { $0.client = AddressBlock("10.7.0.99") }
    add("a path's beginning, rare") { $0.pathPrefix = Array("/v1/route-3/99999".utf8) }
    add("a consumer that there is not") { $0.texts = [(.consumer, Array("nobody".utf8))] }
    add("an hour in the middle") {
      $0.since = EventMaker.begin + (end - EventMaker.begin) / 2
      $0.until = $0.since + 3_600_000
      $0.statuses = [404...404]
    }
    add("one trace") { $0.trace = (1, 2) }
    add("one request by its name") {
      $0.requestID = Array("00000000000000000000000000000001".utf8)
    }
    var all: [UInt64] = []
    for (name, filter) in questions {
      var times: [UInt64] = []
      var found = 0
      for _ in 0..<5 {
        let start = Clock.monotonic
        found =
          EventSearch(folder: folder).run(filter, limit: 100, countsAll: name != "the latest")
          .matchCount
        times.append(Clock.monotonic.since(start) / 1_000_000)
      }
      all += times
      times.sort()
      surroundings.print("found: \(times[2]) ms (longest \(times[4])): \(name), \(found)\n")
    }
    all.sort()
    surroundings.print("found: 95 in 100 within \(all[all.count * 95 / 100]) ms\n")
  }
}

/// Gives blocks to a store, and notes the processor time that it takes.
private final class MeasuredStore {
  let store: EventStore
  var nanoseconds: UInt64 = 0

  init(_ store: EventStore) { self.store = store }

  func receive(_ block: EventBlock) {
    let start = Clock.threadNanoseconds
    store.receive(block)
    nanoseconds += Clock.threadNanoseconds - start
  }
}
