/// What takes the values that a scanner finds; its methods are called in the order of the text.
///
/// Offsets are those of the text that the scanner was given, in bytes.
protocol JSONSink: ~Copyable, ~Escapable {
  /// Whether it has no room for two more values, so that the scanner stops and goes on later.
  var isFull: Bool { get }
  /// An object or an array begins.
  mutating func begin(isObject: Bool, at: Int)
  /// The innermost object or array ends; `end` is behind its bracket.
  mutating func end(isObject: Bool, end: Int)
  /// The name of a member, without its quotes.
  mutating func name(_ range: Range<Int>, isEscaped: Bool, hash: UInt64)
  /// A string, without its quotes.
  mutating func string(_ range: Range<Int>, isEscaped: Bool)
  /// A number; `isWhole` if it has neither a fraction nor an exponent.
  mutating func number(_ range: Range<Int>, isWhole: Bool)
  /// `true` or `false`.
  mutating func boolean(_ range: Range<Int>)
  /// `null`.
  mutating func null(_ range: Range<Int>)
}
