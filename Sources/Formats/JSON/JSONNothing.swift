/// A sink for those who want to know no more than that a text is sound.
struct JSONNothing: JSONSink {
  var isFull: Bool { false }
  mutating func begin(isObject: Bool, at: Int) {}
  mutating func end(isObject: Bool, end: Int) {}
  mutating func name(_ range: Range<Int>, isEscaped: Bool, hash: UInt64) {}
  mutating func string(_ range: Range<Int>, isEscaped: Bool) {}
  mutating func number(_ range: Range<Int>, isWhole: Bool) {}
  mutating func boolean(_ range: Range<Int>) {}
  mutating func null(_ range: Range<Int>) {}
}
