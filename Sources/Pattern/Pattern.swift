/// A regular expression that takes time in proportion to the text, whatever the text is.
///
/// It is what JSON Schema's `pattern` uses of ECMA-262: it looks for a match anywhere, by Unicode
/// scalars, and says whether there is one. Looking around and back references, for which no such
/// bound is known, are refused. It may be used by many threads at once.
public struct Pattern: Sendable {
  /// What it was made to, in one object, so that nothing is copied where a pattern is passed on.
  private final class Made: Sendable {
    let source: String
    let program: PatternProgram
    let table: PatternTable?

    init(_ source: String, _ program: PatternProgram) {
      self.source = source
      self.program = program
      table = PatternTable(program)
    }
  }

  private let made: Made

  /// The text that it was made of.
  public var source: String { made.source }

  /// Longest text of a pattern, in bytes.
  public static let sourceBytesMax = 8192

  /// Compiles `source`.
  public init(_ source: String) throws(PatternFault) {
    guard source.utf8.count <= Pattern.sourceBytesMax else { throw PatternFault(.tooLarge, at: 0) }
    var reader = PatternReader(source)
    made = Made(source, try PatternProgram(try reader.read()))
  }

  /// Whether `source` is a pattern, so far as its text goes: it is only read, in time in proportion
  /// to its length, so that who sends it cannot choose work. One of too many states is one as well.
  public static func isPattern(_ source: String) -> Bool {
    guard source.utf8.count <= sourceBytesMax else { return false }
    var reader = PatternReader(source, onlyChecks: true)
    return (try? reader.read()) != nil
  }

  /// Whether it matches anywhere in `text`, which is UTF-8.
  public func matches(_ text: Span<UInt8>) -> Bool {
    if made.table != nil { return made.table?.matches(text) == true }
    return walk(text)
  }

  /// Whether it matches anywhere in `text`.
  public func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return matches(bytes.span)
  }

  /// Walks all ways at once: time in proportion to the text times the steps of the program.
  private func walk(_ text: Span<UInt8>) -> Bool {
    let program = made.program
    var walk = PatternWalk(program)
    var steps: [Int] = []
    var at = 0
    var wasWord = false
    var scalar: UInt32 = 0
    var isFirst = true
    while true {
      var next = at
      let isEnd = at >= text.count
      let following = isEnd ? 0 : UTF8Scalar.take(text, &next)
      let isWord = !isEnd && ScalarSet.word.contains(following)
      let place = PatternWalk.Place(
        isStart: isFirst, isEnd: isEnd, isAtWordBoundary: wasWord != isWord)
      walk.clear()
      for step in steps {
        if case .set(let set) = program.steps[step], program.sets[set].contains(scalar) {
          walk.add(step + 1, program, at: place)
        }
      }
      walk.add(0, program, at: place)
      if walk.isMatch { return true }
      if isEnd { return false }
      steps = walk.steps
      isFirst = false
      scalar = following
      wasWord = isWord
      at = next
    }
  }
}
