/// Where the parts of an event stand: a fixed part, the ends of the texts, and the texts.
///
/// Numbers are in the order of bytes of the machine, since events live in memory and in queues of
/// the machine that made them. An event is a whole number of words long.
enum EventLayout {
  /// The number of the form that this is.
  static let currentForm: UInt8 = 1

  // The first word: the length of all, the form, the loop.
  static let length = 0
  static let form = 4
  static let worker = 5
  // Words.
  static let sequence = 8
  static let wallMilliseconds = 16
  static let addressHigh = 24
  static let addressLow = 32
  static let traceHigh = 40
  static let traceLow = 48
  static let span = 56
  static let parentSpan = 64
  static let durationMicroseconds = 72
  static let upstreamMicroseconds = 80
  static let bytesIn = 88
  static let bytesOut = 96
  static let credential = 104
  static let subject = 112
  // Two words of smaller numbers, which are few in kind with all that follows up to the end of the
  // texts of the group.
  static let status = 120
  static let flags = 122
  static let problem = 124
  static let fault = 125
  static let protocolVersion = 126
  static let method = 127
  static let shown = 128
  static let attempts = 129
  static let kind = 130
  static let severity = 131
  // Four bytes to spare, for what may come.
  static let ends = 136
  static let textCount = 20
  static let texts = ends + 2 * textCount
  /// How long the figures of the group are, with the ends of its texts.
  static let groupBytes = ends + 2 * EventText.groupCount - status

  /// The longest event: all texts as long as they may be.
  static let bytesMax = 8192
}
