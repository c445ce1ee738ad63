/// Where a loop's counts of one upstream stand.
enum UpstreamCounts {
  static let requests = 0
  static let connects = 1
  static let reused = 2
  static let ejections = 3
  /// The kinds of `UpstreamFailure` from here on.
  static let failures = 4
  static let responses = 12
  static let responseNanoseconds = 13
  // What is at the moment, and not a count.
  static let active = 14
  static let idle = 15
  static let returnsAt = 16
}
