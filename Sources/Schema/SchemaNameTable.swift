import Formats

/// Names, found by hash; whoever holds it copies nothing of it.
final class SchemaNameTable: Sendable {
  /// All of them, one behind the other, and where each begins.
  private let text: [UInt8]
  private let starts: [Int]
  /// The schema of each; -1 if there is none.
  private let nodes: [Int]
  private let hashes: [UInt32]
  private let table: [Int32]

  init(_ names: SchemaNames) {
    var text: [UInt8] = []
    var starts = [0]
    var hashes: [UInt32] = []
    for name in names.names {
      let plain = Array(name.utf8)
      hashes.append(UInt32(truncatingIfNeeded: JSONHash().of(plain.span)))
      text += plain
      starts.append(text.count)
    }
    var size = 4
    while size < 2 * names.names.count { size *= 2 }
    var table = [Int32](repeating: -1, count: names.names.isEmpty ? 0 : size)
    for (number, hash) in hashes.enumerated() {
      var at = Int(hash) & (size - 1)
      while table[at] >= 0 { at = (at + 1) & (size - 1) }
      table[at] = Int32(truncatingIfNeeded: number)
    }
    (self.text, self.starts, self.hashes, self.table) = (text, starts, hashes, table)
    nodes = names.nodes
  }

  /// The schema of a name by its number; -1 if there is none.
  @inline(__always)
  func node(_ number: Int) -> Int { nodes[number] }

  /// The number of a name on a tape; -1 if there are no rules for it.
  func find(_ entry: JSONTape.Entry, in text: Span<UInt8>) -> Int {
    if table.isEmpty { return -1 }
    let mask = table.count - 1
    var at = Int(entry.next) & mask
    while table[at] >= 0 {
      let number = Int(table[at])
      if hashes[number] == entry.next, isName(number, entry, in: text) { return number }
      at = (at + 1) & mask
    }
    return -1
  }

  private func isName(_ number: Int, _ entry: JSONTape.Entry, in given: Span<UInt8>) -> Bool {
    let (start, end) = (starts[number], starts[number + 1])
    if entry.isEscaped { return entry.plain(in: given).elementsEqual(text[start..<end]) }
    let range = entry.range
    guard range.count == end - start else { return false }
    for at in 0..<range.count where given[range.lowerBound + at] != text[start + at] {
      return false
    }
    return true
  }
}
