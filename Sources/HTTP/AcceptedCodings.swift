import Base

/// What an `Accept-Encoding` says of content codings (RFC 9110 §12.5.3).
public struct AcceptedCodings: Sendable {
  /// Weights of codings by name, in thousandths; later ones of a name do not count.
  private var weights: [(name: [UInt8], weight: Int)] = []

  /// More elements than any client sends.
  private static let elementsMax = 32

  /// All fields of that name together; nil if there is none.
  ///
  /// An element that is not well-formed counts as not accepted.
  public init?(of fields: borrowing Fields) {
    var isThere = false
    for index in fields.lines.indices
    where fields.lines[index].id == .acceptEncoding && !fields.lines[index].name.isEmpty {
      isThere = true
      read(fields[fields.lines[index].value])
    }
    if !isThere { return nil }
  }

  /// How much a coding is wanted, in thousandths; 0 for not at all.
  public func weight(of coding: StaticString) -> Int {
    if let found = weights.first(where: { ASCII.equals($0.name.span, coding) }) {
      return found.weight
    }
    return weights.first { $0.name == [UInt8(ascii: "*")] }?.weight ?? 0
  }

  private mutating func read(_ value: Span<UInt8>) {
    var at = 0
    while at < value.count, weights.count < AcceptedCodings.elementsMax {
      let from = at
      while at < value.count, value[at] != UInt8(ascii: ",") { at += 1 }
      read(element: value.extracting(from..<at))
      at += 1
    }
  }

  private mutating func read(element: Span<UInt8>) {
    var at = 0
    AcceptedCodings.skipSpace(element, &at)
    var name: [UInt8] = []
    while at < element.count, ASCII.isToken(element[at]) {
      name.append(ASCII.lowercased(element[at]))
      at += 1
    }
    if name.isEmpty || weights.contains(where: { $0.name == name }) { return }
    // RFC 9110 §8.4.1.3: the older name is the same coding.
    if name == Array("x-gzip".utf8) { name = Array("gzip".utf8) }
    weights.append((name, AcceptedCodings.weight(element, &at) ?? 0))
  }

  /// What stands behind a name: nothing, or its weight (RFC 9110 §12.4.2); nil for anything else.
  private static func weight(_ text: Span<UInt8>, _ at: inout Int) -> Int? {
    skipSpace(text, &at)
    if at == text.count { return 1000 }
    guard text[at] == UInt8(ascii: ";") else { return nil }
    at += 1
    skipSpace(text, &at)
    guard text.count - at >= 3, text[at] | 0x20 == UInt8(ascii: "q"),
      text[at + 1] == UInt8(ascii: "="), text[at + 2] == 0x30 || text[at + 2] == 0x31
    else { return nil }
    var weight = Int(text[at + 2] - 0x30) * 1000
    at += 3
    if at < text.count, text[at] == UInt8(ascii: ".") {
      at += 1
      var unit = 100
      while at < text.count, ASCII.isDigit(text[at]) {
        if unit == 0 { return nil }
        weight += Int(text[at] - 0x30) * unit
        unit /= 10
        at += 1
      }
    }
    skipSpace(text, &at)
    return at == text.count && weight <= 1000 ? weight : nil
  }

  private static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
    while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
  }
}
