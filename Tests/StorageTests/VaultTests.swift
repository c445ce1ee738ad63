import Crypto
import Formats
import Foundation
import Storage
import Testing

/// What is stored is sealed, and opened by its keys alone.
@Suite struct VaultTests {
  private func master(_ byte: UInt8) throws -> LocalMasterKey {
    try #require(LocalMasterKey(bytes: [UInt8](repeating: byte, count: 32)))
  }

  private func vault(_ store: any RecordStore, _ masters: [any MasterKey]) throws -> Vault {
    try Vault(store, masters: masters, clock: { 1_000_000 })
  }

  // SEC-06.
  @Test func `A thousand planted secrets are in none of the files`() throws {
    let made = try StoreBench.sqlite.make()
    let vault = try vault(made.store, [master(1)])
    let secrets = try (0..<1000).map { _ in try KeyForm.make(prefix: "canary-") }
    for part in 0..<10 {
      try vault.commit(
        try secrets[100 * part..<100 * part + 100].map { secret in
          .put(
            "client", try vault.blinded(secret), ["secret": .string(secret), "name": "visible"],
            indexes: [IndexValue("mail", try vault.blinded("m" + secret))])
        }, journal: ["secret": .string(secrets[part])])
    }
    let folder = try #require(made.folder)
    var found = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let bytes = try Data(contentsOf: folder.appending(path: name))
      for secret in secrets + ["visible"] where bytes.range(of: Data(secret.utf8)) != nil {
        found += 1
      }
    }
    #expect(found == 0)
    #expect(try vault.records("client", limit: 1)[0].body["name"]?.string == "visible")
    #expect(try vault.journal(after: 0, limit: 1)[0].line.contains(secrets[0]))
  }

  // SEC-04.
  @Test func `A body that was moved to another record is not opened`() throws {
    let made = try StoreBench.sqlite.make()
    let vault = try vault(made.store, [master(1)])
    try vault.commit([.put("thing", "a", ["x": 1]), .put("thing", "b", ["x": 2])])
    let body = try #require(try made.store.record("thing", "a", now: 0)).body
    _ = try made.store.commit(
      [
        RecordChange(
          kind: "thing", id: "b", action: .put(body: body, indexes: [], expires: nil))
      ], journal: nil)
    #expect(throws: StoreError.self) { try vault.record("thing", "b") }
    var flipped = body
    flipped[20] ^= 1
    _ = try made.store.commit(
      [
        RecordChange(
          kind: "thing", id: "a", action: .put(body: flipped, indexes: [], expires: nil))
      ], journal: nil)
    #expect(throws: StoreError.self) { try vault.record("thing", "a") }
  }

  @Test func `Another master key opens nothing`() throws {
    let made = try StoreBench.sqlite.make()
    try vault(made.store, [master(1)]).commit([.put("thing", "a", ["x": 1])])
    #expect(throws: StoreError.self) { try vault(made.store, [master(2)]) }
    #expect(try vault(made.store, [master(2), master(1)]).record("thing", "a") != nil)
  }

  // SEC-05.
  @Test func `After a rotation the old master key is needed no more`() throws {
    let made = try StoreBench.sqlite.make()
    let old = try vault(made.store, [master(1)])
    let pepper = try old.pepperHasher().hash("k".utf8.span)
    try old.commit((0..<30).map { .put("thing", "r\($0)", ["x": .integer($0)]) }, journal: ["a": 1])
    let new = try vault(made.store, [master(2), master(1)])
    #expect(try new.isWrappedByFirstKey() == false)
    try new.rotateKeys()
    let before = try #require(try made.store.record("thing", "r3", now: 0)).body
    var last = ""
    while let step = try new.reseal("thing", after: last, limit: 7) { last = step.last }
    let after = try #require(try made.store.record("thing", "r3", now: 0))
    #expect(after.body != before)
    #expect(after.revision == 1)
    try new.dropOldKeys("thing")
    let alone = try vault(made.store, [master(2)])
    #expect(try alone.record("thing", "r29")?.body["x"]?.integer == 29)
    #expect(try alone.pepperHasher().hash("k".utf8.span) == pepper)
    #expect(try alone.journalFault() == nil)
    // A vault that was open all the while goes on, and finds the new keys by itself.
    #expect(throws: StoreError.self) { try old.record("thing", "r1") }
    try old.use([master(2)])
    #expect(try old.record("thing", "r1") != nil)
  }

  // ADM-08.
  @Test func `The journal tells when a line was changed, left out, or not the gateway's`() throws {
    let made = try StoreBench.sqlite.make()
    let vault = try vault(made.store, [master(1)])
    for number in 0..<5 { try vault.commit([], journal: ["n": .integer(number)]) }
    #expect(try vault.journalFault() == nil)
    let lines = try vault.journal(after: 0, limit: 10)
    func fault(_ lines: [(sequence: Int, line: String, seal: String)]) -> String? {
      var verifier = JournalVerifier()
      for line in lines {
        if let fault = verifier.take(line.line, seal: line.seal) { return fault }
      }
      return nil
    }
    #expect(fault(lines) == nil)
    var changed = lines
    changed[2].line = changed[2].line.replacingOccurrences(of: "\"n\":2", with: "\"n\":9")
    #expect(fault(changed) != nil)
    var missing = lines
    missing.remove(at: 1)
    #expect(fault(missing) != nil)
    #expect(fault(Array(lines.dropFirst())) != nil)
    // Whoever makes a chain anew has no key for the seals.
    let entry = try #require(try made.store.lastJournalEntry())
    let forged = JournalEntry(
      sequence: 6, body: entry.body, hash: entry.hash, seal: entry.seal)
    _ = try made.store.commit([], journal: { _ in forged })
    #expect(throws: StoreError.self) { try vault.journalFault() }
  }

  // SEC-11.
  @Test func `The file is for its owner alone`() throws {
    let made = try StoreBench.sqlite.make()
    _ = try made.store.commit([], journal: nil)
    let folder = try #require(made.folder)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let path = folder.appending(path: name).path
      let bits = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(bits == 0o600)
    }
    let path = folder.appending(path: "test.db").path
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: StoreError.self) { try SQLiteStore.open(path: path) }
  }
}
