import Base

/// Checks that a text is well-formed XML 1.0 in UTF-8, without anything that makes XML dangerous.
///
/// There are no document types, so there are no entities to expand and nothing to fetch; no
/// processing instructions, which servers may obey; and no encoding but UTF-8. Nothing switches
/// that on. The work is linear and does not recurse; only the names of elements that are open and
/// the prefixes that are bound are kept.
public struct XMLScanner: Sendable {
  private let limits: XMLLimits
  /// The names of elements that are open, as places in the text.
  private var open: [Range<Int>] = []
  /// For each of them, how many prefixes were bound before it.
  private var bounds: [Int] = []
  /// Prefixes that are bound and the names of their namespaces, innermost last, as places in the
  /// text; the prefix of the default namespace is empty.
  private var bindings: [(prefix: Range<Int>, namespace: Range<Int>)] = []
  private var attributes: [XMLAttribute] = []
  private var at = 0
  private var elements = 0

  /// A scanner with these limits.
  public init(limits: XMLLimits = XMLLimits()) { self.limits = limits }

  /// Checks a whole text.
  public mutating func check(_ text: Span<UInt8>) throws(XMLFault) {
    var nothing = XMLNothing()
    try scan(text, into: &nothing)
  }

  /// Checks a whole text, and tells `sink` what stands in it.
  mutating func scan<Sink: XMLSink>(
    _ text: Span<UInt8>, into sink: inout Sink
  ) throws(XMLFault) {
    (at, elements) = (0, 0)
    open.removeAll(keepingCapacity: true)
    bounds.removeAll(keepingCapacity: true)
    bindings.removeAll(keepingCapacity: true)
    try checkCharacters(text)
    try declaration(text)
    var hasRoot = false
    while at < text.count {
      if text[at] == UInt8(ascii: "<") {
        try markup(text, &hasRoot, into: &sink)
      } else if open.isEmpty {
        guard XMLScanner.isSpace(text[at]) else { throw fault(.syntax) }
        at += 1
      } else {
        try characters(text, into: &sink)
      }
    }
    guard hasRoot, open.isEmpty else { throw fault(.syntax) }
  }

  private func fault(_ detail: XMLFault.Detail) -> XMLFault { XMLFault(detail, at: at) }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  // MARK: Characters

  /// All must be UTF-8, and characters that XML has (XML 1.0 §2.2).
  private func checkCharacters(_ text: Span<UInt8>) throws(XMLFault) {
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte < 0x80 {
        guard byte >= 0x20 || XMLScanner.isSpace(byte) else { throw XMLFault(.encoding, at: at) }
        at += 1
        continue
      }
      guard let (scalar, count) = XMLScanner.scalar(text, at),
        !(0xD800...0xDFFF).contains(scalar), scalar != 0xFFFE, scalar != 0xFFFF
      else { throw XMLFault(.encoding, at: at) }
      at += count
    }
  }

  private static func scalar(_ text: Span<UInt8>, _ at: Int) -> (UInt32, Int)? {
    let first = text[at]
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, at + count <= text.count else { return nil }
    var scalar = UInt32(first) & (count == 2 ? 0x1F : count == 3 ? 0x0F : 0x07)
    for place in 1..<count {
      guard text[at + place] & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(text[at + place] & 0x3F)
    }
    let least: UInt32 = count == 2 ? 0x80 : count == 3 ? 0x800 : 0x10000
    return scalar >= least && scalar <= 0x10FFFF ? (scalar, count) : nil
  }

  private func begins(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    return at + count <= text.count && ASCII.equals(text.extracting(at..<(at + count)), word)
  }

  /// The declaration, if there is one: version 1.0, and no encoding but UTF-8 (§2.8, §4.3.3).
  private mutating func declaration(_ text: Span<UInt8>) throws(XMLFault) {
    // A byte order mark says UTF-8 and nothing else.
    if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { at = 3 }
    guard begins(text, "<?xml"), at + 5 < text.count, XMLScanner.isSpace(text[at + 5]) else {
      return
    }
    let start = at
    at += 5
    var names: [String] = []
    while true {
      let before = at
      skipSpace(text)
      if begins(text, "?>") { break }
      guard at > before, let (name, value) = try pair(text) else {
        throw XMLFault(.declaration, at: start)
      }
      let word = String(decoding: value, as: UTF8.self)
      let isKnown =
        switch name {
        case "version": names.isEmpty && word == "1.0"
        case "encoding": names == ["version"] && word.lowercased() == "utf-8"
        case "standalone": !names.isEmpty && (word == "yes" || word == "no")
        default: false
        }
      guard isKnown, !names.contains(name) else { throw XMLFault(.declaration, at: start) }
      names.append(name)
    }
    guard !names.isEmpty else { throw XMLFault(.declaration, at: start) }
    at += 2
  }

  private mutating func pair(_ text: Span<UInt8>) throws(XMLFault) -> (String, [UInt8])? {
    let range = try name(text)
    let word = String(decoding: XMLScanner.bytes(text, range), as: UTF8.self)
    skipSpace(text)
    guard at < text.count, text[at] == UInt8(ascii: "=") else { return nil }
    at += 1
    skipSpace(text)
    return (word, XMLScanner.bytes(text, try quoted(text)))
  }

  private mutating func skipSpace(_ text: Span<UInt8>) {
    while at < text.count, XMLScanner.isSpace(text[at]) { at += 1 }
  }

  private static func bytes(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    for at in range { bytes.append(text[at]) }
    return bytes
  }

  // MARK: Markup

  private mutating func markup<Sink: XMLSink>(
    _ text: Span<UInt8>, _ hasRoot: inout Bool, into sink: inout Sink
  ) throws(XMLFault) {
    if begins(text, "</") { return try end(text, into: &sink) }
    if begins(text, "<!--") { return try comment(text) }
    if begins(text, "<![CDATA[") {
      guard !open.isEmpty else { throw fault(.syntax) }
      let start = at + 9
      try skip(text, past: "]]>", from: 9)
      return sink.text(start..<at - 3)
    }
    if begins(text, "<!") { throw fault(.documentType) }
    if begins(text, "<?") { throw fault(.instruction) }
    guard !open.isEmpty || !hasRoot else { throw fault(.syntax) }
    hasRoot = true
    try element(text, into: &sink)
  }

  /// A comment has no two hyphens but at its end (§2.5).
  private mutating func comment(_ text: Span<UInt8>) throws(XMLFault) {
    at += 4
    while !begins(text, "--") {
      guard at < text.count else { throw fault(.syntax) }
      at += 1
    }
    guard begins(text, "-->") else { throw fault(.syntax) }
    at += 3
  }

  private mutating func skip(
    _ text: Span<UInt8>, past end: StaticString, from count: Int
  ) throws(XMLFault) {
    at += count
    while !begins(text, end) {
      guard at < text.count else { throw fault(.syntax) }
      at += 1
    }
    at += end.utf8CodeUnitCount
  }

  /// A name with at most one colon in it (§2.3; Namespaces in XML §3).
  private mutating func name(_ text: Span<UInt8>) throws(XMLFault) -> Range<Int> {
    let start = at
    var colons = 0
    while at < text.count {
      let byte = text[at]
      let isFirst = at == start || text[at - 1] == UInt8(ascii: ":")
      if byte >= 0x80 {
        guard let (scalar, count) = XMLScanner.scalar(text, at),
          XMLScanner.isNamed(scalar, isFirst: isFirst)
        else { throw fault(.syntax) }
        at += count
        guard at - start <= limits.nameBytesMax else { throw fault(.name) }
        continue
      }
      let isStart = ASCII.isAlpha(byte) || byte == 0x5F
      if byte == UInt8(ascii: ":") {
        colons += 1
        guard at > start, colons == 1 else { throw fault(.syntax) }
      } else if !isStart {
        let isInner = ASCII.isDigit(byte) || byte == 0x2D || byte == 0x2E
        guard isInner, !isFirst else { break }
      }
      at += 1
      guard at - start <= limits.nameBytesMax else { throw fault(.name) }
    }
    guard at > start, text[at - 1] != UInt8(ascii: ":") else { throw fault(.syntax) }
    return start..<at
  }

  /// Whether names may hold a character beyond ASCII, or begin with it (§2.3).
  private static func isNamed(_ scalar: UInt32, isFirst: Bool) -> Bool {
    switch scalar {
    case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D,
      0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
      0x10000...0xEFFFF:
      true
    case 0xB7, 0x300...0x36F, 0x203F...0x2040: !isFirst
    default: false
    }
  }

  private mutating func element<Sink: XMLSink>(
    _ text: Span<UInt8>, into sink: inout Sink
  ) throws(XMLFault) {
    let start = at
    elements += 1
    guard elements <= limits.elementsMax else { throw fault(.elements) }
    guard open.count < limits.depthMax else { throw fault(.depth) }
    at += 1
    let name = try self.name(text)
    let bound = bindings.count
    attributes.removeAll(keepingCapacity: true)
    while true {
      let before = at
      skipSpace(text)
      guard at < text.count else { throw fault(.syntax) }
      if text[at] == UInt8(ascii: ">") || begins(text, "/>") { break }
      guard at > before else { throw fault(.syntax) }
      try attribute(text)
    }
    for place in attributes.indices {
      attributes[place].namespace = try namespace(
        text, attributes[place].name, start, isElement: false)
    }
    sink.begin(
      name: name, namespace: try namespace(text, name, start, isElement: true), attributes)
    if text[at] == UInt8(ascii: "/") {
      at += 2
      bindings.removeLast(bindings.count - bound)
      sink.end()
    } else {
      at += 1
      open.append(name)
      bounds.append(bound)
    }
  }

  private mutating func attribute(_ text: Span<UInt8>) throws(XMLFault) {
    guard attributes.count < limits.attributesMax else { throw fault(.attributes) }
    let start = at
    let name = try self.name(text)
    for other in attributes where XMLScanner.areEqual(text, other.name, name) {
      throw XMLFault(.repeatedAttribute, at: start)
    }
    skipSpace(text)
    guard at < text.count, text[at] == UInt8(ascii: "=") else { throw fault(.syntax) }
    at += 1
    skipSpace(text)
    let value = try quoted(text)
    attributes.append(XMLAttribute(name: name, namespace: 0..<0, value: value))
    let own = text.extracting(name)
    guard name.count >= 5, ASCII.equals(own.extracting(0..<5), "xmlns") else { return }
    // A prefix cannot be taken back, but the default namespace can (Namespaces in XML §6).
    if name.count == 5 {
      try bind(name.upperBound..<name.upperBound, to: value, start)
    } else if own[5] == UInt8(ascii: ":") {
      guard !value.isEmpty else { throw XMLFault(.unboundPrefix, at: start) }
      try bind(name.lowerBound + 6..<name.upperBound, to: value, start)
    }
  }

  private mutating func bind(
    _ prefix: Range<Int>, to namespace: Range<Int>, _ offset: Int
  ) throws(XMLFault) {
    guard bindings.count < limits.prefixesMax else { throw XMLFault(.prefixes, at: offset) }
    bindings.append((prefix, namespace))
  }

  /// A value in quotes, without `<` and with sound references (§3.1).
  private mutating func quoted(_ text: Span<UInt8>) throws(XMLFault) -> Range<Int> {
    guard at < text.count, text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "'") else {
      throw fault(.syntax)
    }
    let quote = text[at]
    at += 1
    let start = at
    while at < text.count, text[at] != quote {
      if text[at] == UInt8(ascii: "<") { throw fault(.syntax) }
      if text[at] == UInt8(ascii: "&") { try reference(text) } else { at += 1 }
    }
    guard at < text.count else { throw fault(.syntax) }
    at += 1
    return start..<(at - 1)
  }

  /// The namespace that a name is in, as a place in the text; an empty place for none. Names of
  /// attributes without a prefix are in none (Namespaces in XML §6.2).
  private func namespace(
    _ text: Span<UInt8>, _ name: Range<Int>, _ offset: Int, isElement: Bool
  ) throws(XMLFault) -> Range<Int> {
    var colon = name.lowerBound
    while colon < name.upperBound, text[colon] != UInt8(ascii: ":") { colon += 1 }
    let isPlain = colon == name.upperBound
    if isPlain, !isElement { return 0..<0 }
    let prefix = isPlain ? name.lowerBound..<name.lowerBound : name.lowerBound..<colon
    for binding in bindings.reversed()
    where XMLScanner.areEqual(text, binding.prefix, prefix) {
      return binding.namespace
    }
    let own = text.extracting(prefix)
    let isGiven = ASCII.equals(own, "xml") || !isElement && ASCII.equals(own, "xmlns")
    guard isPlain || isGiven else { throw XMLFault(.unboundPrefix, at: offset) }
    return 0..<0
  }

  private static func areEqual(
    _ text: Span<UInt8>, _ left: Range<Int>, _ right: Range<Int>
  ) -> Bool {
    ASCII.equals(text.extracting(left), text.extracting(right))
  }

  private mutating func end<Sink: XMLSink>(
    _ text: Span<UInt8>, into sink: inout Sink
  ) throws(XMLFault) {
    let start = at
    at += 2
    let name = try self.name(text)
    skipSpace(text)
    guard at < text.count, text[at] == UInt8(ascii: ">") else { throw fault(.syntax) }
    at += 1
    guard let own = open.popLast(), let bound = bounds.popLast(),
      XMLScanner.areEqual(text, own, name)
    else { throw XMLFault(.unbalanced, at: start) }
    bindings.removeLast(bindings.count - bound)
    sink.end()
  }

  // MARK: Text

  private mutating func characters<Sink: XMLSink>(
    _ text: Span<UInt8>, into sink: inout Sink
  ) throws(XMLFault) {
    let start = at
    while at < text.count, text[at] != UInt8(ascii: "<") {
      if text[at] == UInt8(ascii: "&") {
        try reference(text)
      } else {
        if text[at] == UInt8(ascii: "]"), begins(text, "]]>") { throw fault(.syntax) }
        at += 1
      }
    }
    sink.references(start..<at)
  }

  /// One of the five entities, or a character by its number (§4.1, §4.6).
  private mutating func reference(_ text: Span<UInt8>) throws(XMLFault) {
    let start = at
    at += 1
    if begins(text, "#") { return try number(text, start) }
    let known: [StaticString] = ["amp;", "lt;", "gt;", "quot;", "apos;"]
    for word in known where begins(text, word) {
      at += word.utf8CodeUnitCount
      return
    }
    throw XMLFault(.entity, at: start)
  }

  private mutating func number(_ text: Span<UInt8>, _ start: Int) throws(XMLFault) {
    at += 1
    let isHexadecimal = begins(text, "x")
    if isHexadecimal { at += 1 }
    var scalar: UInt32 = 0
    let first = at
    while at < text.count, text[at] != UInt8(ascii: ";") {
      guard at - first < 8, let digit = ASCII.hexValue(text[at]), isHexadecimal || digit < 10
      else { throw XMLFault(.syntax, at: start) }
      scalar = scalar &* (isHexadecimal ? 16 : 10) &+ UInt32(digit)
      at += 1
    }
    guard at > first, at < text.count else { throw XMLFault(.syntax, at: start) }
    let isCharacter =
      scalar == 9 || scalar == 10 || scalar == 13 || (0x20...0xD7FF).contains(scalar)
      || (0xE000...0xFFFD).contains(scalar) || (0x10000...0x10FFFF).contains(scalar)
    guard isCharacter else { throw XMLFault(.encoding, at: start) }
    at += 1
  }
}
