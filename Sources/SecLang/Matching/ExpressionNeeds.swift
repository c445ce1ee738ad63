/// What every text that a part of an expression matches has in it.
struct ExpressionNeeds {
  typealias Words = Set<[UInt8]>

  /// Most words that are kept while they are being put together.
  private static let productMax = 160

  /// All that the part matches, if that is few words; nil if it is more.
  var exact: Words?
  /// Words of which each match holds one; nil if nothing is known.
  var words: Words?
  /// Bytes of which each match holds one; nil if nothing is known.
  var bytes: ByteSet?

  /// What matches nothing but the empty text.
  static let empty = ExpressionNeeds(exact: [[]], words: nil, bytes: nil)
  /// Of which nothing is known.
  static let unknown = ExpressionNeeds(exact: nil, words: nil, bytes: nil)

  /// One byte of a set, without regard to case.
  init(oneOf set: ByteSet) {
    var folded: Words = []
    var count = 0
    for byte in UInt8.min...UInt8.max where set.contains(byte) {
      count += 1
      folded.insert([ExpressionNeeds.lower(byte)])
    }
    exact = folded.count <= 8 ? folded : nil
    words = nil
    bytes = count < 200 ? ExpressionNeeds.bothCases(set) : nil
  }

  private init(exact: Words?, words: Words?, bytes: ByteSet?) {
    self.exact = exact
    self.words = words
    self.bytes = bytes
  }

  /// The words that tell most.
  var best: Words? {
    guard let exact, ExpressionNeeds.value(exact) > 0 else { return words }
    guard let words else { return exact }
    return ExpressionNeeds.value(exact) >= ExpressionNeeds.value(words) ? exact : words
  }

  /// How much words tell: the shortest counts, and fewer are better.
  private static func value(_ words: Words) -> Int {
    let shortest = words.map(\.count).min() ?? 0
    return shortest == 0 ? 0 : min(shortest, 6) * 10_000 - words.count
  }

  private static func better(_ left: Words?, _ right: Words?) -> Words? {
    guard let left, value(left) > 0 else { return right.flatMap { value($0) > 0 ? $0 : nil } }
    guard let right else { return left }
    return value(left) >= value(right) ? left : right
  }

  /// One part behind another.
  mutating func append(_ next: ExpressionNeeds) {
    bytes = ExpressionNeeds.smaller(bytes, next.bytes)
    if let left = exact, let right = next.exact,
      left.count * right.count <= ExpressionNeeds.productMax,
      (left.map(\.count).max() ?? 0) < RequiredText.wordBytesMax
    {
      var product: Words = []
      for first in left { for second in right { product.insert(first + second) } }
      exact = product
      return
    }
    words = ExpressionNeeds.better(words, ExpressionNeeds.better(exact, next.best))
    // What follows the last part that was no few words may go on with it; its begin is forgotten.
    exact = nil
    tail = next.exact
  }

  /// Words that end the part, while it is being put together.
  private var tail: Words?

  /// One part behind another, the end of what stands being kept so that words can grow.
  mutating func extend(_ next: ExpressionNeeds) {
    if exact != nil {
      append(next)
      return
    }
    bytes = ExpressionNeeds.smaller(bytes, next.bytes)
    if let left = tail, let right = next.exact,
      left.count * right.count <= ExpressionNeeds.productMax,
      (left.map(\.count).max() ?? 0) < RequiredText.wordBytesMax
    {
      var product: Words = []
      for first in left { for second in right { product.insert(first + second) } }
      tail = product
    } else {
      words = ExpressionNeeds.better(words, tail)
      tail = next.exact
    }
    words = ExpressionNeeds.better(words, next.words)
  }

  /// The part is whole.
  mutating func close() {
    words = ExpressionNeeds.better(words, tail)
    tail = nil
  }

  /// Either of some parts.
  static func either(_ parts: [ExpressionNeeds]) -> ExpressionNeeds {
    if parts.count == 1 { return parts[0] }
    return ExpressionNeeds(
      exact: union(parts.map(\.exact)), words: union(parts.map(\.best)),
      bytes: parts.dropFirst().reduce(parts.first?.bytes) { known, part in
        guard let known, let more = part.bytes else { return nil }
        return known.union(more)
      })
  }

  /// All words of all; nil if some have none, or if it is too many.
  private static func union(_ all: [Words?]) -> Words? {
    var result: Words = []
    for words in all {
      guard let words, result.count + words.count <= RequiredText.wordsMax else { return nil }
      result.formUnion(words)
    }
    return result
  }

  /// The part, so many times.
  mutating func repeated(atLeast least: Int, atMost most: Int?) {
    if least == 0 {
      if most == 1, let known = exact, known.count < 64 {
        self = ExpressionNeeds(exact: known.union([[]]), words: nil, bytes: nil)
      } else {
        self = .unknown
      }
      return
    }
    if least == 1, most == 1 { return }
    words = best
    exact = nil
  }

  private static func smaller(_ left: ByteSet?, _ right: ByteSet?) -> ByteSet? {
    guard let left else { return right }
    guard let right else { return left }
    return left.count <= right.count ? left : right
  }

  static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  private static func bothCases(_ set: ByteSet) -> ByteSet {
    var result = set
    for byte in UInt8.min...UInt8.max where set.contains(byte) {
      if byte &- 0x41 < 26 { result.insert(byte | 0x20) }
      if byte &- 0x61 < 26 { result.insert(byte & 0xDF) }
    }
    return result
  }
}
