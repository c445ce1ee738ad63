/// Goes through the strings of a JSON text, and knows which of some patterns lead to each.
public struct RepairWalk {
  /// An object or array that is open.
  private struct Level {
    var end: Int
    var isObject: Bool
    /// The patterns that lead here, one bit each.
    var patterns: UInt64
    /// The place of the name of the member that is looked at, and how many came before.
    var name = 0
    var count = -1
  }

  private let tape: JSONTape
  private let patterns: [PlacePattern]
  private var levels: [Level] = []
  private var place = 0
  /// The patterns that lead to the string that was found last, one bit each.
  public private(set) var matching: UInt64 = 0

  /// Goes through `tape`; of the patterns, 64 at most are looked for.
  public init(_ tape: JSONTape, _ patterns: [PlacePattern]) {
    self.tape = tape
    self.patterns = Array(patterns.prefix(64))
  }

  /// The place of the next string that is a value; nil if there is none.
  public mutating func nextString(_ text: Span<UInt8>) -> Int? {
    while place < tape.count {
      while let level = levels.last, place >= level.end { levels.removeLast() }
      let found = step(text)
      let entry = tape.entries[place]
      let own = place
      place += 1
      switch entry.kind {
      case .object, .array:
        levels.append(
          Level(end: Int(entry.next), isObject: entry.kind == .object, patterns: found))
      case .string:
        matching = patterns(found, endingAt: levels.count)
        return own
      case .number, .boolean, .null: break
      }
    }
    return nil
  }

  /// Goes to the next value, and returns the patterns that lead to it or on from it.
  private mutating func step(_ text: Span<UInt8>) -> UInt64 {
    guard let last = levels.indices.last else { return ~0 }
    levels[last].count += 1
    let open = levels[last].patterns
    if levels[last].isObject {
      levels[last].name = place
      place += 1
    }
    guard open != 0, !patterns.isEmpty else { return 0 }
    let name =
      levels[last].isObject
      ? tape.entries[levels[last].name].plain(in: text) : Array("\(levels[last].count)".utf8)
    var found: UInt64 = 0
    for number in patterns.indices
    where open >> UInt64(number) & 1 == 1 && patterns[number].goesOn(last, name) {
      found |= 1 << UInt64(number)
    }
    return found
  }

  private func patterns(_ found: UInt64, endingAt level: Int) -> UInt64 {
    var ending: UInt64 = 0
    for number in patterns.indices
    where found >> UInt64(number) & 1 == 1 && patterns[number].tokens.count == level {
      ending |= 1 << UInt64(number)
    }
    return ending
  }

  /// The way to the string that was found last, as a JSON Pointer.
  public func pointer(_ text: Span<UInt8>) -> String {
    JSONPointer(
      levels.map { level in
        level.isObject
          ? String(decoding: tape.entries[level.name].plain(in: text), as: UTF8.self)
          : "\(level.count)"
      }
    ).description
  }
}
