import Foundation
import Storage
import Synchronization
import Testing

/// What every store promises; each test runs against all of them.
@Suite(.serialized) struct RecordStoreTests {
  private func put(
    _ id: String, _ text: String = "x", kind: String = "thing", indexes: [IndexValue] = [],
    expires: Int? = nil, expecting: RecordChange.Expectation = .anything
  ) -> RecordChange {
    RecordChange(
      kind: kind, id: id,
      action: .put(body: Array(text.utf8), indexes: indexes, expires: expires),
      expectation: expecting)
  }

  private func remove(
    _ id: String, expecting: RecordChange.Expectation = .anything
  ) -> RecordChange {
    RecordChange(kind: "thing", id: id, action: .remove, expectation: expecting)
  }

  private func text(_ record: StoredRecord?) -> String? {
    record.map { String(decoding: $0.body, as: UTF8.self) }
  }

  @Test(arguments: StoreBench.allCases)
  func `A record is read as it was written, and counts its writings`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    #expect(try store.record("thing", "a", now: 0) == nil)
    let first = try store.commit([put("a", "one")], journal: nil)
    let second = try store.commit([put("a", "two")], journal: nil)
    #expect(second == first + 1)
    let record = try #require(try store.record("thing", "a", now: 0))
    #expect(text(record) == "two")
    #expect(record.revision == 2)
    #expect(record.position == second)
    #expect(try store.record("other", "a", now: 0) == nil)
    #expect(text(try made.another().record("thing", "a", now: 0)) == "two")
    _ = try store.commit([put("empty", "")], journal: nil)
    #expect(try store.record("thing", "empty", now: 0)?.body == [])
    #expect(try store.count("thing") == 2)
  }

  @Test(arguments: StoreBench.allCases)
  func `Of batches that become durable together, each is made whole or not`(
    bench: StoreBench
  ) throws {
    let made = try bench.make()
    let store = made.store
    _ = try store.commit([put("a", "one", indexes: [IndexValue("color", "red")])], journal: nil)
    let outcomes = try store.commit(each: [
      RecordBatch(changes: [put("b"), remove("a", expecting: .revision(7))], journal: nil),
      RecordBatch(changes: [put("c"), put("d", expecting: .absent)], journal: nil),
      RecordBatch(changes: [put("d", expecting: .absent)], journal: nil),
      RecordBatch(
        changes: [
          RecordChange(
            kind: "thing", id: "a",
            action: .put(body: Array("two".utf8), indexes: nil, expires: nil),
            expectation: .revision(1))
        ], journal: nil),
    ])
    #expect(outcomes[0] == .conflict(kind: "thing", id: "a"))
    #expect(outcomes[1] == nil)
    #expect(outcomes[2] == .conflict(kind: "thing", id: "d"))
    #expect(outcomes[3] == nil)
    #expect(try store.record("thing", "b", now: 0) == nil)
    #expect(try store.record("thing", "c", now: 0) != nil)
    // What says nothing of indexes leaves them as they are.
    let found = try store.records(
      "thing", index: "color", value: "red", after: "", limit: 5, now: 0)
    #expect(found.map { text($0) } == ["two"])
    withExtendedLifetime(made) {}
  }

  @Test(arguments: StoreBench.allCases)
  func `A batch whose expectation is wrong changes nothing`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    _ = try store.commit([put("a", "one")], journal: nil)
    let before = try store.position()
    let wrong: [RecordChange] = [
      put("a", expecting: .absent), put("a", expecting: .revision(2)),
      put("b", expecting: .present), put("b", expecting: .revision(1)),
      remove("a", expecting: .revision(7)), remove("b", expecting: .present),
      RecordChange(kind: "thing", id: "b", action: .keep, expectation: .present),
    ]
    for change in wrong {
      #expect(throws: StoreError.conflict(kind: "thing", id: change.id)) {
        try store.commit([put("c", "new"), change], journal: nil)
      }
    }
    #expect(try store.record("thing", "c", now: 0) == nil)
    #expect(try store.position() == before)
    _ = try store.commit(
      [
        put("a", "two", expecting: .revision(1)), put("b", expecting: .absent),
        RecordChange(kind: "thing", id: "a", action: .keep, expectation: .present),
      ], journal: nil)
    #expect(text(try store.record("thing", "a", now: 0)) == "two")
  }

  @Test(arguments: StoreBench.allCases)
  func `Lists come in the order of identifiers, page by page`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    let names = ["b", "Z", "a", "é", "_", "aa", "10", "9"]
    _ = try store.commit(
      names.map { put($0, indexes: [IndexValue("half", $0 < "a" ? "low" : "high")]) },
      journal: nil)
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var found: [String] = []
    while true {
      let page = try store.records("thing", after: found.last ?? "", limit: 3, now: 0)
      if page.isEmpty { break }
      found += page.map(\.id)
    }
    #expect(found == sorted)
    let low = try store.records(
      "thing", index: "half", value: "low", after: "", limit: 100, now: 0)
    #expect(low.map(\.id) == sorted.filter { $0 < "a" })
    _ = try store.commit([put("9", indexes: [IndexValue("half", "high")])], journal: nil)
    let moved = try store.records(
      "thing", index: "half", value: "low", after: "", limit: 100, now: 0)
    #expect(!moved.map(\.id).contains("9"))
  }

  @Test(arguments: StoreBench.allCases)
  func `A unique value belongs to one record`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    let unique = IndexValue("mail", "m", isUnique: true)
    _ = try store.commit([put("a", indexes: [unique])], journal: nil)
    _ = try store.commit([put("a", "again", indexes: [unique])], journal: nil)
    #expect(throws: StoreError.self) {
      try store.commit([put("b", indexes: [unique])], journal: nil)
    }
    _ = try store.commit([remove("a"), put("b", indexes: [unique])], journal: nil)
    #expect(try store.record("thing", "b", now: 0) != nil)
  }

  @Test(arguments: StoreBench.allCases)
  func `Of all who consume a record one gets it`(bench: StoreBench) async throws {
    let made = try bench.make()
    let store = made.store
    for round in 0..<5 {
      _ = try store.commit([put("code-\(round)")], journal: nil)
      let stores = [store, try made.another(), try made.another()]
      let count = await withTaskGroup(of: Int.self) { group in
        for number in 0..<6 {
          let asked = stores[number % 3]
          group.addTask {
            (try? asked.consume("thing", "code-\(round)", now: 0)) == nil ? 0 : 1
          }
        }
        return await group.reduce(0, +)
      }
      #expect(count == 1)
    }
    _ = try store.commit([put("late", expires: 100)], journal: nil)
    #expect(try store.consume("thing", "late", now: 100) == nil)
  }

  @Test(arguments: StoreBench.allCases)
  func `What has expired is not there, and goes`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    _ = try store.commit(
      [put("a", indexes: [IndexValue("n", "1")], expires: 100), put("b", expires: 200), put("c")],
      journal: nil)
    #expect(try store.record("thing", "a", now: 99) != nil)
    #expect(try store.record("thing", "a", now: 100) == nil)
    #expect(try store.records("thing", after: "", limit: 9, now: 150).map(\.id) == ["b", "c"])
    #expect(
      try store.records("thing", index: "n", value: "1", after: "", limit: 9, now: 150).isEmpty)
    #expect(try store.removeExpired(now: 150, limit: 10) == 1)
    #expect(try store.removeExpired(now: 150, limit: 10) == 0)
    #expect(try store.count("thing") == 2)
  }

  @Test(arguments: StoreBench.allCases)
  func `Whoever follows the changes has the same in the end`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    var copy: [String: String] = [:]
    var position = 0
    func follow(limit: Int) throws {
      while true {
        let changes = try store.changes(after: position, limit: limit)
        #expect(!changes.isIncomplete)
        for removed in changes.removed { copy[removed.id] = nil }
        for record in changes.records { copy[record.id] = text(record) }
        position = changes.position
        if !changes.hasMore { return }
      }
    }
    _ = try store.commit((0..<7).map { put("r\($0)", "first") }, journal: nil)
    _ = try store.commit((3..<9).map { put("r\($0)", "second") }, journal: nil)
    try follow(limit: 2)
    #expect(copy.count == 9)
    #expect(copy["r0"] == "first" && copy["r8"] == "second")
    _ = try store.commit([remove("r0"), put("r1", "third")], journal: nil)
    _ = try store.commit([put("r0", "back"), remove("r2")], journal: nil)
    try follow(limit: 100)
    #expect(copy["r0"] == "back" && copy["r1"] == "third" && copy["r2"] == nil)
    #expect(try store.changes(after: position, limit: 10).records.isEmpty)
  }

  @Test(arguments: StoreBench.allCases)
  func `Old removals are forgotten, and whoever has missed them learns that`(
    bench: StoreBench
  ) throws {
    let made = try bench.make()
    let store = made.store
    _ = try store.commit((0..<9).map { put("r\($0)") }, journal: nil)
    let before = try store.position()
    for number in 0..<6 { _ = try store.commit([remove("r\(number)")], journal: nil) }
    let last = try store.position()
    #expect(try store.pruneRemovals(keeping: 6) == 0)
    #expect(try store.changes(after: before, limit: 9).removed.count == 6)
    #expect(try store.pruneRemovals(keeping: 2) == 4)
    #expect(try store.changes(after: before, limit: 9).isIncomplete)
    // Who has read as far as what is forgotten has missed nothing.
    let seen = try store.changes(after: last - 2, limit: 9)
    #expect(!seen.isIncomplete)
    #expect(seen.removed.map(\.id) == ["r4", "r5"])
    #expect(try store.changes(after: last - 3, limit: 9).isIncomplete)
    // From the beginning, all is told by what there is.
    let whole = try store.changes(after: 0, limit: 99)
    #expect(!whole.isIncomplete)
    #expect(whole.records.map(\.id).sorted() == ["r6", "r7", "r8"])
  }

  @Test(arguments: StoreBench.allCases)
  func `The journal grows by one entry for each change, and by none that failed`(
    bench: StoreBench
  ) async throws {
    let made = try bench.make()
    let store = made.store
    let maker: JournalMaker = { last in
      JournalEntry(
        sequence: (last?.sequence ?? 0) + 1, body: [1], hash: (last?.hash ?? []) + [2], seal: [3])
    }
    let stores = [store, try made.another()]
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        let asked = stores[number % 2]
        let change = put("j\(number)")
        group.addTask { _ = try? asked.commit([change], journal: maker) }
      }
    }
    _ = try? store.commit([put("j1", expecting: .absent)], journal: maker)
    let entries = try store.journal(after: 0, limit: 100)
    #expect(entries.map(\.sequence) == Array(1...20))
    #expect(entries.allSatisfy { $0.hash.count == $0.sequence })
    #expect(try store.lastJournalEntry()?.sequence == 20)
    #expect(try store.journal(after: 18, limit: 1).map(\.sequence) == [19])
  }

  @Test(arguments: StoreBench.allCases)
  func `Keys are added once and replaced when asked for`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    let key = WrappedKey(purpose: "p", version: 1, master: "m", wrapped: [1])
    try store.add([key])
    try store.add([WrappedKey(purpose: "p", version: 1, master: "n", wrapped: [2])])
    #expect(try store.keys() == [key])
    let other = WrappedKey(purpose: "p", version: 1, master: "n", wrapped: [2])
    try store.replace([other, WrappedKey(purpose: "p", version: 2, master: "n", wrapped: [3])])
    #expect(try store.keys().map(\.version) == [1, 2])
    try store.removeKey(purpose: "p", version: 1)
    #expect(try store.keys().map(\.version) == [2])
  }

  @Test(arguments: StoreBench.allCases)
  func `Tables go forward and back a version, and keep what they hold`(bench: StoreBench) throws {
    let made = try bench.make()
    let store = made.store
    _ = try store.commit([put("a", "kept", expires: 50)], journal: nil)
    #expect(try store.schemaVersion() == 3)
    try store.migrate(to: 1)
    #expect(try store.schemaVersion() == 1)
    #expect(text(try store.record("thing", "a", now: 0)) == "kept")
    try store.migrate(to: 3)
    #expect(text(try store.record("thing", "a", now: 0)) == "kept")
    try store.migrate(to: 0)
    #expect(throws: StoreError.self) { try store.record("thing", "a", now: 0) }
    try store.migrate(to: 3)
    #expect(try store.count("thing") == 0)
  }

  @Test(arguments: StoreBench.allCases)
  func `Whoever observes hears of a change`(bench: StoreBench) throws {
    let made = try bench.make()
    let box = HeardBox()
    made.store.observe { box.add() }
    // A shared database tells of what others write; a file of one's own only of one's own.
    let writer = bench == .postgres ? try made.another() : made.store
    let deadline = Date().addingTimeInterval(5)
    while bench == .postgres, box.count == 0, Date() < deadline { pause() }
    let before = box.count
    _ = try writer.commit([put("a")], journal: nil)
    while box.count == before, Date() < deadline { pause() }
    #expect(box.count > before)
  }

  private func pause() {
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(10))
  }
}

/// Counts what was heard.
private final class HeardBox: Sendable {
  private let heard = Atomic<Int>(0)
  func add() { heard.add(1, ordering: .relaxed) }
  var count: Int { heard.load(ordering: .relaxed) }
}
