import PolicyKit
import Testing

@Suite struct LiveTableTests {
  private let owner = Consumer(
    index: -1, name: "a", roles: [], groups: [], isDisabled: false, scopes: [], isStored: true)

  /// Words that collide often in their low bits, as hashes never would.
  private func words(_ number: Int) -> KeyDigestWords {
    let first = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 & ~0xF0
    return (first, UInt64(number), 3, 4)
  }

  @Test func `A table with many changes behind it holds what a dictionary would`() {
    var table = LiveTable()
    var model: [Int: UInt64] = [:]
    var seed: UInt64 = 42
    var kept: [(LiveTable, Int)] = []
    for step in 0..<20_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Int(seed >> 33) % 3000
      if seed >> 20 & 3 == 0 {
        table.removeKey(beginningWith: words(number).0)
        model[number] = nil
      } else {
        let expires = UInt64(step + 1)
        table.set(LiveKey(digest: words(number), consumer: owner, expiresMilliseconds: expires))
        model[number] = expires
      }
      if step % 5000 == 0 { kept.append((table, model.count)) }
    }
    #expect(table.keyCount == model.count)
    for number in 0..<3000 {
      #expect(table.key(words(number))?.expiresMilliseconds == model[number])
    }
    // What was handed out before has not changed.
    for (before, count) in kept { #expect(before.keyCount == count) }
    #expect(table.key((words(1).0, 99, 3, 4)) == nil)
  }

  @Test func `A key is found while it is good and its owner is let in`() {
    var table = LiveTable()
    let disabled = Consumer(
      index: -1, name: "b", roles: [], groups: [], isDisabled: true, scopes: [], isStored: true)
    table.set(LiveKey(digest: words(1), consumer: owner, expiresMilliseconds: 9000))
    table.set(LiveKey(digest: words(2), consumer: disabled))
    table.set(owner)
    let uses = KeyUses()
    let directory = LiveDirectory(table, uses: uses) { $0 }
    #expect(directory.key(ofSHA256: words(1), atMilliseconds: 8999)?.consumer === owner)
    #expect(directory.key(ofSHA256: words(1), atMilliseconds: 9000) == nil)
    #expect(directory.key(ofSHA256: words(2), atMilliseconds: 1) == nil)
    #expect(directory.key(ofSHA256: words(3), atMilliseconds: 1) == nil)
    #expect(directory.consumer(named: "a") === owner)
    #expect(directory.key(beginningWith: words(1).0)?.lastUsedMilliseconds == 8999)
  }

  @Test func `Sessions that have ended are found, and emptying the table is a change too`() {
    var table = LiveTable()
    let before = table.endingGeneration
    table.setEnded(words(1), startMilliseconds: 5)
    table.setEnded(words(2), startMilliseconds: .max)
    let directory = LiveDirectory(table, uses: KeyUses()) { $0 }
    #expect(directory.ended(ofSHA256: words(1)) == 5)
    #expect(directory.ended(ofSHA256: words(2)) == .max)
    #expect(directory.ended(ofSHA256: words(3)) == nil)
    #expect(table.endingGeneration != before)
    let full = table.endingGeneration
    table.removeEnded(words(1))
    #expect(table.ended(words(1)) == nil)
    // Whoever remembers by the number must never take another state for the one it knew.
    table.clear()
    #expect(table.ended(words(2)) == nil)
    #expect(table.endingGeneration > full)
  }

  @Test func `The use of a key is told once in a while`() {
    var table = LiveTable()
    table.set(LiveKey(digest: words(1), consumer: owner))
    let uses = KeyUses()
    let directory = LiveDirectory(table, uses: uses) { $0 }
    for time in stride(from: UInt64(1_000_000), to: 2_000_000, by: 500) {
      _ = directory.key(ofSHA256: words(1), atMilliseconds: time)
    }
    #expect(uses.take().count == 2)
    #expect(uses.take().isEmpty)
  }
}
