import HTTP

/// The pairs of a query or a form, with percent-encoding and plus signs undone (WHATWG URL §5.1),
/// from which parameters take theirs.
struct FormPairs {
  private var pairs: [(name: [UInt8], value: [UInt8], isTaken: Bool)] = []

  /// Reads all pairs; false if an encoding is broken or there are too many.
  mutating func read(_ text: Span<UInt8>) -> Bool {
    var reader = QueryPairs()
    while let pair = reader.next(in: text) {
      guard pairs.count < RequestCheck.pairsMax,
        let name = FormPairs.plain(text.extracting(pair.name)),
        let value = FormPairs.plain(text.extracting(pair.value))
      else { return false }
      pairs.append((name, value, false))
    }
    return true
  }

  private static func plain(_ text: Span<UInt8>) -> [UInt8]? {
    var hasPlus = false
    for at in text.indices where text[at] == UInt8(ascii: "+") { hasPlus = true }
    guard hasPlus else { return QueryPairs.decoded(text) }
    var spaced: [UInt8] = []
    for at in text.indices { spaced.append(text[at] == UInt8(ascii: "+") ? 0x20 : text[at]) }
    return QueryPairs.decoded(spaced.span)
  }

  /// Takes the values of all pairs of a name.
  mutating func take(_ name: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for place in pairs.indices where !pairs[place].isTaken && pairs[place].name == name {
      pairs[place].isTaken = true
      found.append(pairs[place].value)
    }
    return found
  }

  /// Takes all pairs with one of some names.
  mutating func take(anyOf names: [[UInt8]]) -> [(name: [UInt8], value: [UInt8])] {
    var found: [(name: [UInt8], value: [UInt8])] = []
    for place in pairs.indices where !pairs[place].isTaken && names.contains(pairs[place].name) {
      pairs[place].isTaken = true
      found.append((pairs[place].name, pairs[place].value))
    }
    return found
  }

  /// Takes all pairs called `name[member]`, by the member's name.
  mutating func takeMembers(of name: [UInt8]) -> [(name: [UInt8], value: [UInt8])] {
    var found: [(name: [UInt8], value: [UInt8])] = []
    for place in pairs.indices where !pairs[place].isTaken {
      let own = pairs[place].name
      guard own.count > name.count + 2, own.starts(with: name),
        own[name.count] == UInt8(ascii: "["), own.last == UInt8(ascii: "]")
      else { continue }
      pairs[place].isTaken = true
      found.append((Array(own[(name.count + 1)..<(own.count - 1)]), pairs[place].value))
    }
    return found
  }

  /// All pairs.
  var all: [(name: [UInt8], value: [UInt8])] { pairs.map { ($0.name, $0.value) } }

  /// The names of pairs that none has taken, each once.
  var restNames: [[UInt8]] {
    var found: [[UInt8]] = []
    for pair in pairs where !pair.isTaken && !found.contains(pair.name) { found.append(pair.name) }
    return found
  }
}
