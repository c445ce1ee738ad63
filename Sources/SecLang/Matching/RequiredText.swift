/// What a text must hold for an expression to match it: one of some words, and one of some bytes.
struct RequiredText: Sendable {
  /// Most words, and longest of them: more would not tell more.
  static let wordsMax = 1024
  static let wordBytesMax = 12

  /// In lower case, without regard to case; empty if there are none that tell anything.
  let words: [[UInt8]]
  /// One of these bytes; nil if any text may match.
  let bytes: ByteSet?

  /// What `source` needs; nothing for what is not understood.
  init(_ source: [UInt8]) {
    var reader = ExpressionReader(source)
    guard let needs = reader.read() else {
      words = []
      bytes = nil
      return
    }
    let best = needs.best
    let isTelling = (best?.map(\.count).min() ?? 0) >= 2
    words = isTelling ? best?.sorted { $0.lexicographicallyPrecedes($1) } ?? [] : []
    bytes = needs.bytes
  }
}
