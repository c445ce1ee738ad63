import Foundation
import HTTP
import Runtime
import Telemetry
import Testing

@testable import Events

@Suite struct EventStoreTests {
  private let sample: Sample

  init() throws { sample = try Sample() }

  private func store(bytesMax: Int = 1 << 30, age: UInt64? = nil) throws -> EventStore {
    try EventStore(
      EventStoreSettings(folder: sample.folder, bytesMax: bytesMax, ageMilliseconds: age))
  }

  /// Events that differ in everything that a page keeps apart.
  private func mixed(_ count: Int, from first: Int = 0) -> [Sample.One] {
    (first..<first + count).map { number in
      var one = Sample.One()
      one.time += UInt64(number)
      one.status = [200, 201, 401, 404, 500][number % 5]
      one.consumer = "consumer-\(number % 7)"
      one.client = number % 3 == 0 ? "2001:db8::\(number % 11)" : "198.51.100.\(number % 13)"
      one.path = "/orders/\(number)"
      one.problem = number % 5 == 2 ? .credentialsInvalid : nil
      one.policy = number % 5 == 2 ? "api-key" : ""
      let digits = String(number, radix: 16)
      let hex = String(repeating: "0", count: 32 - digits.count) + digits
      one.requestID =
        ["", hex, "own-\(number)", "0000000a-0000-4000-8000-00000000\(1000 + number % 9000)"][
          number % 4]
      one.trace = number % 2 == 0 ? (UInt64(number), 5) : (0, 0)
      one.query = number % 6 == 0 ? "page=\(number)" : nil
      return one
    }
  }

  private func write(_ ones: [Sample.One], to store: EventStore) -> [Seen] {
    var seen: [Seen] = []
    for start in stride(from: 0, to: ones.count, by: 100) {
      let block = sample.block(Array(ones[start..<min(start + 100, ones.count)]))
      seen += Seen.all([block])
      store.receive(block)
    }
    return seen
  }

  private func found(_ filter: EventFilter = EventFilter(), limit: Int = 1_000_000) -> [Seen] {
    Seen.all(EventSearch(folder: sample.folder).run(filter, limit: limit).blocks)
  }

  @Test func `What comes out of a page is what went in, in every figure and text`() throws {
    let store = try store()
    let written = write(mixed(1000), to: store)
    #expect(found() == written.reversed())
    store.flush()
    #expect(found() == written.reversed())
    let after = write(mixed(50, from: 1000), to: store)
    #expect(found() == (written + after).reversed())
  }

  @Test func `LOG-06: what was taken is there after the process is killed, once`() throws {
    var written: [Seen] = []
    for round in 0..<4 {
      // Nobody says goodbye: the store is just gone.
      let store = try store()
      written += write(mixed(150, from: 150 * round), to: store)
      if round == 1 { store.flush() }
    }
    #expect(found() == written.reversed())
    let names = try FileManager.default.contentsOfDirectory(atPath: sample.folder)
    #expect(names.count { $0.hasPrefix("journal-") } == 1)
  }

  @Test func `A page or journal that was cut in its middle costs no event that was whole`() throws {
    var first: EventStore? = try store()
    let written = try write(mixed(200), to: #require(first))
    let journal = try #require(
      FileManager.default.contentsOfDirectory(atPath: sample.folder)
        .first { $0.hasPrefix("journal-") })
    let path = "\(sample.folder)/\(journal)"
    let bytes = try Data(contentsOf: URL(filePath: path))
    // The page is half written, and the journal still there.
    first?.flush()
    first = nil
    let segment = URL(filePath: "\(sample.folder)/segment-00000001")
    let page = try Data(contentsOf: segment)
    for count in [1, 31, PageHeader.byteCount, page.count / 2, page.count - 1] {
      try page.prefix(count).write(to: segment)
      try bytes.write(to: URL(filePath: path))
      _ = try self.store()
      #expect(found() == written.reversed(), "cut at \(count)")
    }
    // The page is whole, and the journal was not removed yet.
    try page.write(to: segment)
    try bytes.write(to: URL(filePath: path))
    _ = try self.store()
    #expect(found() == written.reversed())
    // The journal is cut in the middle of its last event.
    try Data().write(to: segment)
    try bytes.dropLast(3).write(to: URL(filePath: path))
    let next = try self.store()
    #expect(found() == written.dropLast().reversed())
    let more = write(mixed(10, from: 500), to: next)
    #expect(found() == (written.dropLast() + more).reversed())
  }

  @Test func `A damaged page is passed over and told, and the others are found`() throws {
    let store = try store()
    _ = write(mixed(100), to: store)
    store.flush()
    let after = write(mixed(100, from: 100), to: store)
    store.flush()
    let segment = URL(filePath: "\(sample.folder)/segment-00000001")
    var bytes = try Data(contentsOf: segment)
    // Within the groups of the first page.
    bytes[PageHeader.byteCount + 130] ^= 0xFF
    try bytes.write(to: segment)
    let result = EventSearch(folder: sample.folder).run(EventFilter(), limit: 1000)
    #expect(result.damagedPages == 1)
    #expect(Seen.all(result.blocks) == after.reversed())
  }

  @Test func `LOG-14: old segments go, by age and by size, and those that are held stay`() throws {
    var first: EventStore? = try store()
    var numbers: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: sample.folder))?
        .filter { $0.hasPrefix("segment-") && !$0.hasSuffix("hold") }.sorted() ?? []
    }
    _ = try write(mixed(100), to: #require(first))
    first?.flush()
    first = nil
    // Its successor is there already, as after 64 MiB.
    for number in 2...4 {
      try FileManager.default.copyItem(
        atPath: "\(sample.folder)/segment-00000001",
        toPath: "\(sample.folder)/segment-0000000\(number)")
    }
    try Data().write(to: URL(filePath: "\(sample.folder)/segment-00000002.hold"))
    let size = try Data(contentsOf: URL(filePath: "\(sample.folder)/segment-00000001")).count
    try self.store(bytesMax: 3 * size).settle()
    #expect(numbers == ["segment-00000002", "segment-00000003", "segment-00000004"])
    // The events are from the past, all of them.
    try self.store(age: 1000).settle()
    #expect(numbers == ["segment-00000002", "segment-00000004"])
  }

  @Test func `A folder has one writer`() throws {
    var first: EventStore? = try store()
    #expect(throws: EventsError.self) { try store() }
    first?.finish()
    first?.receive(sample.block(mixed(3)))
    #expect(first?.lost == 3)
    _ = try store()
    first = nil
  }

  @Test func `Long texts make a page of fewer events, and not a larger one`() throws {
    let store = try store()
    var ones: [Sample.One] = []
    for number in 0..<100 {
      var one = Sample.One()
      one.path = "/" + String(repeating: "x", count: 1000) + "\(number)"
      one.query = String(repeating: "y", count: 1000) + "\(number)"
      one.agent = String(repeating: "z", count: 250) + "\(number)"
      ones.append(one)
    }
    for _ in 0..<150 { store.receive(sample.block(Array(ones[..<25]))) }
    var pages: Int { EventSearch(folder: sample.folder).pageCount }
    #expect(pages == 0)
    while pages == 0, sample.sequence < 32_000 {
      store.receive(sample.block(Array(ones[..<25])))
    }
    #expect(pages == 1 && sample.sequence < 16_000)
  }

  @Test func `Only the owner may look into the folder`() throws {
    let store = try store()
    _ = write(mixed(10), to: store)
    store.flush()
    #expect(SystemFile.permissions(sample.folder) == 0o700)
    #expect(SystemFile.permissions("\(sample.folder)/segment-00000001") == 0o600)
  }
}
