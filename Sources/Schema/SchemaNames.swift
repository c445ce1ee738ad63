import Base
import Formats

/// The names that a schema has rules for, found by hash, each with a number.
struct SchemaNames: Sendable {
  private(set) var names: [String] = []
  /// All of them, one behind the other, and where each begins.
  private var text: [UInt8] = []
  private var starts: [Int] = [0]
  /// The schema of each; -1 if there is none.
  private(set) var nodes: [Int] = []
  private var hashes: [UInt32] = []
  private var table: [Int32] = []

  /// The number of `name`, which is added if it is new.
  mutating func number(of name: String) -> Int {
    let plain = Array(name.utf8)
    if let known = names.firstIndex(where: { $0.utf8.elementsEqual(plain) }) { return known }
    names.append(name)
    text += plain
    starts.append(text.count)
    nodes.append(-1)
    hashes.append(UInt32(truncatingIfNeeded: JSONHash().of(plain.span)))
    return names.count - 1
  }

  mutating func set(_ node: Int, for name: String) { nodes[number(of: name)] = node }

  /// Makes the table, once all names are known.
  mutating func close() {
    guard !names.isEmpty else { return }
    var size = 4
    while size < 2 * names.count { size *= 2 }
    table = [Int32](repeating: -1, count: size)
    for (number, hash) in hashes.enumerated() {
      var at = Int(hash) & (size - 1)
      while table[at] >= 0 { at = (at + 1) & (size - 1) }
      table[at] = Int32(truncatingIfNeeded: number)
    }
  }

  /// The number of a name on a tape; -1 if there are no rules for it.
  func find(_ entry: JSONTape.Entry, in text: Span<UInt8>) -> Int {
    if table.isEmpty { return -1 }
    let mask = table.count - 1
    var at = Int(entry.next) & mask
    while table[at] >= 0 {
      let number = Int(table[at])
      if hashes[number] == entry.next {
        if isName(number, entry, in: text) { return number }
      }
      at = (at + 1) & mask
    }
    return -1
  }

  private func isName(_ number: Int, _ entry: JSONTape.Entry, in given: Span<UInt8>) -> Bool {
    let (start, end) = (starts[number], starts[number + 1])
    if entry.isEscaped { return entry.plain(in: given).elementsEqual(text[start..<end]) }
    let range = entry.range
    return ASCII.equals(given.extracting(range), text.span.extracting(start..<end))
  }
}
