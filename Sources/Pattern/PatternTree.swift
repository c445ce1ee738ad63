/// A pattern as it was written, before it becomes a program.
indirect enum PatternTree {
  case set(ScalarSet)
  case sequence([PatternTree])
  case either([PatternTree])
  /// At least `least` times, and at most `most` times if there is a most.
  case repeated(PatternTree, least: Int, most: Int?)
  case start
  case end
  case wordBoundary(isInverted: Bool)
}
