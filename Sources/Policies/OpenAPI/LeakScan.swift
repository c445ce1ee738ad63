import Base
import Formats

/// Searches texts for what must not leave a service: secrets, traces of its code, card numbers.
///
/// One pass over the text: two bytes decide whether a rule can begin, and few do.
struct LeakScan: Sendable {
  enum Kind: String, CaseIterable, Sendable { case secrets, traces, cards }

  /// Something that was found.
  struct Leak: Hashable {
    var name: String
    var range: Range<Int>
  }

  /// Most findings in one text.
  private static let leaksMax = 64
  /// What stands in the place of a text that held something.
  private static let redaction = Array("[redacted]".utf8)

  private let rules: [LeakRule]
  private let findsCards: Bool
  /// For each pair of bytes, whether a rule begins with it.
  private var beginnings: [UInt64] = []

  /// A search for these kinds; for nothing if there are none.
  init(_ kinds: Set<Kind>) {
    rules = LeakRule.all.filter { kinds.contains($0.kind) }
    findsCards = kinds.contains(.cards)
    beginnings = [UInt64](repeating: 0, count: 1024)
    for rule in rules {
      let pair = Int(rule.literal[0]) | Int(rule.literal[1]) << 8
      beginnings[pair >> 6] |= 1 << UInt64(pair & 63)
    }
  }

  /// What is found in a text, in its order.
  func leaks(in text: Span<UInt8>) -> [Leak] {
    guard text.count > 1, !rules.isEmpty || findsCards else { return [] }
    var found: [Leak] = []
    let beginnings = beginnings.span
    var at = 0
    while at + 1 < text.count {
      let pair = Int(text[at]) | Int(text[at + 1]) << 8
      if beginnings[pair >> 6] & (1 << UInt64(pair & 63)) != 0, let leak = leak(text, at) {
        found.append(leak)
        if found.count == LeakScan.leaksMax { return found }
        at = leak.range.upperBound
        continue
      }
      if findsCards, ASCII.isDigit(text[at]) {
        let run = CardNumber.run(text, at)
        if run.isCard { found.append(Leak(name: "card number", range: at..<run.end)) }
        if found.count == LeakScan.leaksMax { return found }
        at = max(run.end, at + 1)
        continue
      }
      at += 1
    }
    return found
  }

  private func leak(_ text: Span<UInt8>, _ at: Int) -> Leak? {
    for rule in rules {
      if let range = rule.match(text, at) { return Leak(name: rule.name, range: range) }
    }
    return nil
  }

  // MARK: Redaction

  /// The text with nothing left to be found: strings of a JSON text that hold something are
  /// replaced whole, and so is any other text. Nil if that cannot be done.
  func redacted(_ text: [UInt8], _ tape: inout JSONTape) -> [UInt8]? {
    let found = leaks(in: text.span)
    if found.isEmpty { return text }
    guard (try? tape.read(text.span)) != nil else { return LeakScan.redaction }
    var rewrite = JSONRewrite()
    for leak in found {
      guard let place = LeakScan.place(of: leak.range.lowerBound, tape) else { return nil }
      rewrite.replace(place, byString: LeakScan.redaction)
    }
    let clean = rewrite.applied(to: text.span, tape)
    return leaks(in: clean.span).isEmpty ? clean : nil
  }

  /// The value that the byte at `offset` belongs to; nil if that is a name.
  private static func place(of offset: Int, _ tape: JSONTape) -> Int? {
    let entries = tape.entries
    var (low, high) = (0, tape.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if Int(entries[middle].start) <= offset { low = middle } else { high = middle }
    }
    guard low < tape.count, entries[low].range.contains(offset) else { return nil }
    // The name of a member has a part of a hash where a value has the place behind it.
    let isValue = Int(entries[low].next) == low + 1
    return isValue && entries[low].kind != .object && entries[low].kind != .array ? low : nil
  }
}
