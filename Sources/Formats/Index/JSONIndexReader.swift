/// Reads a JSON text into the entries of an index.
struct JSONIndexReader {
  private(set) var entries: [JSONIndex.Entry] = []
  private let limits: JSONIndex.Limits
  private var at = 0
  /// The places of the objects and arrays that are open.
  private var open: [Int] = []

  init(limits: JSONIndex.Limits) { self.limits = limits }

  mutating func read(_ bytes: [UInt8]) throws(JSONFault) {
    guard bytes.count <= limits.bytesMax else { throw fault(.tooLarge) }
    let text = bytes.span
    guard (try? UTF8Span(validating: text)) != nil else { throw fault(.encoding) }
    entries.reserveCapacity(min(limits.valuesMax, 8 + bytes.count / 8))
    try value(text)
    while let place = open.last {
      skipSpace(text)
      if entries[place].kind == .object {
        try member(text, of: place)
      } else {
        try element(text, of: place)
      }
    }
    skipSpace(text)
    guard at == text.count else { throw fault(.syntax) }
  }

  // MARK: Structure

  /// Goes on with an open object: its end, or a name and the value behind it.
  private mutating func member(_ text: Span<UInt8>, of place: Int) throws(JSONFault) {
    if try closes(text, place, UInt8(ascii: "}")) { return }
    guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw fault(.syntax) }
    try string(text)
    skipSpace(text)
    guard at < text.count, text[at] == UInt8(ascii: ":") else { throw fault(.syntax) }
    at += 1
    skipSpace(text)
    try value(text)
  }

  /// Goes on with an open array: its end, or one more element.
  private mutating func element(_ text: Span<UInt8>, of place: Int) throws(JSONFault) {
    if try closes(text, place, UInt8(ascii: "]")) { return }
    try value(text)
  }

  /// Whether the object or array ends here; if not, takes the comma that must stand between.
  private mutating func closes(
    _ text: Span<UInt8>, _ place: Int, _ end: UInt8
  ) throws(JSONFault) -> Bool {
    guard at < text.count else { throw fault(.syntax) }
    let isFirst = entries.count == place + 1
    if text[at] == end {
      at += 1
      entries[place].end = UInt32(at)
      entries[place].next = UInt32(entries.count)
      open.removeLast()
      if entries[place].kind == .object { try checkNames(text, of: place) }
      return true
    }
    if isFirst { return false }
    guard text[at] == UInt8(ascii: ",") else { throw fault(.syntax) }
    at += 1
    skipSpace(text)
    return false
  }

  private mutating func value(_ text: Span<UInt8>) throws(JSONFault) {
    skipSpace(text)
    guard at < text.count else { throw fault(.syntax) }
    switch text[at] {
    case UInt8(ascii: "{"): try begin(.object)
    case UInt8(ascii: "["): try begin(.array)
    case UInt8(ascii: "\""): try string(text)
    case UInt8(ascii: "t"): try word(text, "true", .boolean)
    case UInt8(ascii: "f"): try word(text, "false", .boolean)
    case UInt8(ascii: "n"): try word(text, "null", .null)
    default: try number(text)
    }
  }

  private mutating func begin(_ kind: JSONIndex.Kind) throws(JSONFault) {
    guard open.count < limits.depthMax else { throw fault(.tooLarge) }
    open.append(entries.count)
    try append(kind, from: at, to: at)
    at += 1
  }

  private mutating func append(
    _ kind: JSONIndex.Kind, from start: Int, to end: Int, isEscaped: Bool = false
  ) throws(JSONFault) {
    guard entries.count < limits.valuesMax else { throw fault(.tooLarge) }
    entries.append(
      JSONIndex.Entry(
        kind: kind, isEscaped: isEscaped, start: UInt32(start), end: UInt32(end),
        next: UInt32(entries.count + 1)))
  }

  // MARK: Values

  private mutating func string(_ text: Span<UInt8>) throws(JSONFault) {
    at += 1
    let start = at
    var isEscaped = false
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "\"") {
        try append(.string, from: start, to: at, isEscaped: isEscaped)
        at += 1
        return
      }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        guard let escape = JSONEscape(text, at: at) else { throw fault(.syntax) }
        guard escape.scalar != nil else { throw fault(.encoding) }
        at += escape.count
      } else if byte < 0x20 {
        throw fault(.syntax)
      } else {
        at += 1
      }
    }
    throw fault(.syntax)
  }

  private mutating func number(_ text: Span<UInt8>) throws(JSONFault) {
    let start = at
    if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    guard digits(text) > 0 else { throw fault(.syntax) }
    if text[first] == UInt8(ascii: "0"), at > first + 1 { throw fault(.syntax) }
    if at < text.count, text[at] == UInt8(ascii: ".") {
      at += 1
      guard digits(text) > 0 else { throw fault(.syntax) }
    }
    if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") {
        at += 1
      }
      guard digits(text) > 0 else { throw fault(.syntax) }
    }
    try append(.number, from: start, to: at)
  }

  private mutating func digits(_ text: Span<UInt8>) -> Int {
    let start = at
    while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
    return at - start
  }

  private mutating func word(
    _ text: Span<UInt8>, _ word: StaticString, _ kind: JSONIndex.Kind
  ) throws(JSONFault) {
    let count = word.utf8CodeUnitCount
    guard at + count <= text.count else { throw fault(.syntax) }
    for index in 0..<count {
      // Safety: the index is below the static string's count.
      guard unsafe text[at + index] == word.utf8Start[index] else { throw fault(.syntax) }
    }
    try append(kind, from: at, to: at + count)
    at += count
  }

  private mutating func skipSpace(_ text: Span<UInt8>) {
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  // MARK: Names

  /// Throws if two members have one name. A set of Swift's is seeded: no choice of names is slow.
  private func checkNames(_ text: Span<UInt8>, of place: Int) throws(JSONFault) {
    var names: [ArraySlice<UInt8>] = []
    var isEscaped = false
    var member = place + 1
    let end = Int(entries[place].next)
    var count = 0
    while member < end {
      isEscaped = isEscaped || entries[member].isEscaped
      count += 1
      member = Int(entries[member + 1].next)
    }
    if count < 2 { return }
    if count <= 12, !isEscaped {
      try compareNames(text, from: place + 1, to: end)
      return
    }
    names.reserveCapacity(count)
    member = place + 1
    var seen: Set<[UInt8]> = []
    while member < end {
      let name = JSONEscape.text(text, entries[member])
      guard seen.insert(name).inserted else { throw fault(.duplicateName) }
      member = Int(entries[member + 1].next)
    }
  }

  /// Compares each name with those before it, which for a few is faster than to hash them.
  private func compareNames(
    _ text: Span<UInt8>, from first: Int, to end: Int
  ) throws(JSONFault) {
    var member = first
    while member < end {
      var other = first
      let name = entries[member]
      while other < member {
        if isEqual(text, name, entries[other]) { throw fault(.duplicateName) }
        other = Int(entries[other + 1].next)
      }
      member = Int(entries[member + 1].next)
    }
  }

  private func isEqual(
    _ text: Span<UInt8>, _ left: JSONIndex.Entry, _ right: JSONIndex.Entry
  ) -> Bool {
    guard left.end - left.start == right.end - right.start else { return false }
    for offset in 0..<left.end - left.start
    where text[Int(left.start + offset)] != text[Int(right.start + offset)] {
      return false
    }
    return true
  }

  private func fault(_ kind: JSONFault.Kind) -> JSONFault { JSONFault(kind: kind, offset: at) }
}
