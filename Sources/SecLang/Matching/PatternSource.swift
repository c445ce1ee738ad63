/// What is looked for in one pass: an expression or a list of phrases.
enum PatternSource: Hashable, Sendable {
  case expression([UInt8])
  /// Phrases, in any case.
  case phrases([[UInt8]])
}
