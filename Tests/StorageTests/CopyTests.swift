import Crypto
import Formats
import Foundation
import Storage
import Testing

/// Backups, and copies of a shared database.
@Suite(.serialized) struct CopyTests {
  private func vault(_ store: any RecordStore, _ byte: UInt8 = 1) throws -> Vault {
    let master = try #require(LocalMasterKey(bytes: [UInt8](repeating: byte, count: 32)))
    return try Vault(store, masters: [master], clock: { 1_000_000 })
  }

  private func fill(_ vault: Vault) throws {
    try vault.commit(
      (0..<1200).map { number in
        .put(
          "thing", "r\(number)", ["x": .integer(number), "secret": "planted"],
          indexes: [IndexValue("half", number < 600 ? "low" : "high")])
      }, journal: ["first": true])
    try vault.commit([.remove("thing", "r7"), .put("thing", "r8", ["x": -8])], journal: ["n": 2])
  }

  private func backup(_ vault: Vault, _ opener: BackupFile.Opener) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let summary = try Backup(of: vault).make(sealedBy: opener) { bytes += $0 }
    #expect(summary == Backup.Summary(records: 1199, entries: 2))
    return bytes
  }

  // SEC-15.
  @Test(arguments: StoreBench.allCases, StoreBench.allCases)
  func `A backup of one store is restored into another`(from: StoreBench, to: StoreBench) throws {
    let (source, target) = (try from.make(), try to.make())
    let old = try vault(source.store)
    try fill(old)
    let pepper = try old.pepperHasher().hash("k".utf8.span)
    let bytes = try backup(old, .passphrase("correct horse battery"))
    #expect(Data(bytes).range(of: Data("planted".utf8)) == nil)
    let new = try vault(target.store, 2)
    let summary = try Backup(of: new).restore(bytes, openedBy: .passphrase("correct horse battery"))
    #expect(summary.records == 1199)
    let opened = try vault(target.store, 2)
    #expect(try opened.record("thing", "r7") == nil)
    #expect(try opened.record("thing", "r8")?.body["x"]?.integer == -8)
    #expect(try opened.record("thing", "r8")?.revision == 2)
    #expect(
      try opened.records("thing", index: "half", value: "high", limit: 2000).count == 600)
    #expect(try opened.journal(after: 0, limit: 9).count == 2)
    #expect(try opened.journalFault() == nil)
    #expect(try opened.pepperHasher().hash("k".utf8.span) == pepper)
    // What is there is not written over.
    #expect(throws: StoreError.self) {
      try Backup(of: opened).restore(bytes, openedBy: .passphrase("correct horse battery"))
    }
  }

  @Test func `A backup that was changed, cut off, or is another's, is not taken`() throws {
    let source = try StoreBench.sqlite.make()
    try fill(try vault(source.store))
    let bytes = try backup(try vault(source.store), .passphrase("correct horse battery"))
    func fails(_ bytes: [UInt8], _ opener: BackupFile.Opener) -> Bool {
      (try? Backup.verify(bytes, openedBy: opener)) == nil
    }
    let right = BackupFile.Opener.passphrase("correct horse battery")
    #expect(!fails(bytes, right))
    #expect(fails(bytes, .passphrase("wrong horse battery")))
    var flipped = bytes
    flipped[bytes.count / 2] ^= 1
    #expect(fails(flipped, right))
    for count in [0, 10, bytes.count / 3, bytes.count - 1] {
      #expect(fails(Array(bytes.prefix(count)), right))
    }
    #expect(fails(bytes + [0], right))
    let target = try StoreBench.sqlite.make()
    let empty = try vault(target.store)
    #expect(throws: StoreError.self) { try Backup(of: empty).restore(flipped, openedBy: right) }
    #expect(try empty.records("thing", limit: 1).isEmpty)
  }

  @Test func `A backup by the master key needs that key`() throws {
    let source = try StoreBench.sqlite.make()
    try fill(try vault(source.store))
    let (one, two) = (
      try #require(LocalMasterKey(bytes: [UInt8](repeating: 1, count: 32))),
      try #require(LocalMasterKey(bytes: [UInt8](repeating: 2, count: 32)))
    )
    let bytes = try backup(try vault(source.store), .masters([one]))
    #expect(try Backup.verify(bytes, openedBy: .masters([two, one])).records == 1199)
    #expect(throws: StoreError.self) { try Backup.verify(bytes, openedBy: .masters([two])) }
    #expect(throws: StoreError.self) { try Backup.verify(bytes, openedBy: .passphrase("x")) }
  }

  @Test func `A copy follows its database, and is made anew after another`() throws {
    let (shared, local) = (try StoreBench.postgres.make(), try StoreBench.sqlite.make())
    let copy = try #require(local.store as? any CopyStore)
    let source = try vault(shared.store)
    try fill(source)
    let mirror = try StoreMirror(of: shared.store, in: copy) { _ in }
    try mirror.start()
    let copied = try vault(copy)
    #expect(try copied.record("thing", "r8")?.body["x"]?.integer == -8)
    #expect(try copied.records("thing", index: "half", value: "low", limit: 2000).count == 598)
    try source.commit([.put("other", "late", ["x": 1]), .remove("thing", "r9")])
    let deadline = Date().addingTimeInterval(5)
    while try copied.record("other", "late") == nil, Date() < deadline {
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(10))
    }
    #expect(try copied.record("other", "late") != nil)
    #expect(try copied.record("thing", "r9") == nil)
    #expect(try copy.copiedPosition() == shared.store.position())
  }

  @Test func `A copy that has missed removals is made anew at one stroke, or not at all`() throws {
    let (shared, local) = (try StoreBench.postgres.make(), try StoreBench.sqlite.make())
    let copy = try #require(local.store as? any CopyStore)
    let source = try vault(shared.store)
    try fill(source)
    try StoreMirror(of: shared.store, in: copy) { _ in }.start()
    let position = try copy.copiedPosition()
    #expect(position > 0)
    // It is cut off in the middle: what was there before is there still.
    var pieces = 0
    #expect(throws: StoreError.self) {
      try copy.replace(keys: shared.store.keys()) { () throws(StoreError) in
        pieces += 1
        if pieces == 2 { throw .unavailable("the line was cut") }
        return try shared.store.changes(after: 0, limit: 10, withIndexes: true)
      }
    }
    #expect(try copy.count("thing") == 1199)
    #expect(try copy.copiedPosition() == position)
    // While nobody copies, more is removed than the database remembers.
    try source.commit((100..<110).map { .remove("thing", "r\($0)") })
    try source.commit([.remove("thing", "r200")])
    _ = try shared.store.pruneRemovals(keeping: 0)
    let other = try #require(try local.another() as? any CopyStore)
    try StoreMirror(of: shared.store, in: other) { _ in }.start()
    #expect(try other.count("thing") == 1188)
    #expect(try other.copiedPosition() == shared.store.position())
  }

  @Test func `A copy that was never made is no state to serve from`() throws {
    let local = try StoreBench.sqlite.make()
    let copy = try #require(local.store as? any CopyStore)
    let nowhere = PostgresStore.openAsItIs(url: "postgres:///none?host=/tmp/no-such-folder")
    let mirror = try StoreMirror(of: nowhere, in: copy) { _ in }
    #expect(throws: StoreError.self) { try mirror.start() }
  }
}
