/// The offsets of a time zone, past and to come, as the system's files have them (RFC 9636).
public struct TimeZoneRules: Hashable, Sendable {
  /// Longest file that is read, in bytes: some fifty times that of the longest there is.
  public static let bytesMax = 256 * 1024
  private static let transitionsMax = 16_384
  /// No clock on the earth is farther from Greenwich, in seconds (RFC 9636 §3.2).
  private static let offsetMax = 26 * 3600

  /// When the offset changes, in seconds since 1970, in their order, and what it is from then on.
  private var transitions: [(at: Int, offset: Int)] = []
  /// The offset before the first of them.
  private var first = 0
  /// What holds behind the last.
  private var rule: ZoneRule?

  /// Greenwich.
  public static let utc = TimeZoneRules()

  private init() {}

  public static func == (left: TimeZoneRules, right: TimeZoneRules) -> Bool {
    left.first == right.first && left.rule == right.rule
      && left.transitions.elementsEqual(right.transitions) {
        $0.at == $1.at && $0.offset == $1.offset
      }
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(transitions.count) }

  /// Reads a file of the system's folder of time zones; nil for anything else.
  ///
  /// Only the second block counts, whose times have 64 bits; files of version 1, which have none,
  /// are refused.
  public init?(file bytes: Span<UInt8>) {
    guard bytes.count <= TimeZoneRules.bytesMax, let old = ZoneFileHeader(bytes, at: 0),
      old.version >= 2,
      let header = ZoneFileHeader(bytes, at: ZoneFileHeader.byteCount + old.count(timeBytes: 4)),
      header.transitionCount <= TimeZoneRules.transitionsMax
    else { return nil }
    let begin = header.place + ZoneFileHeader.byteCount
    let end = begin + header.count(timeBytes: 8)
    guard end <= bytes.count, header.typeCount > 0 else { return nil }
    let indexes = begin + header.transitionCount * 8
    let types = indexes + header.transitionCount
    var offsets: [Int] = []
    for number in 0..<header.typeCount {
      let offset = Int(Int32(truncatingIfNeeded: TimeZoneRules.big(bytes, types + number * 6, 4)))
      guard abs(offset) <= TimeZoneRules.offsetMax else { return nil }
      offsets.append(offset)
    }
    first = offsets[0]
    var last = Int.min
    for number in 0..<header.transitionCount {
      let at = TimeZoneRules.big(bytes, begin + number * 8, 8)
      let type = Int(bytes[indexes + number])
      guard at > last, type < offsets.count else { return nil }
      last = at
      // Before the year 0 nothing is asked for; sums must not overflow.
      guard abs(at) < 1 << 40 else { continue }
      transitions.append((at, offsets[type]))
    }
    guard let text = TimeZoneRules.footer(bytes, from: end) else { return nil }
    if text.isEmpty { return }
    guard let read = ZoneRule(bytes.extracting(text)) else { return nil }
    rule = read
  }

  /// The text between two line feeds at the end.
  private static func footer(_ bytes: Span<UInt8>, from begin: Int) -> Range<Int>? {
    guard begin < bytes.count, bytes[begin] == 0x0A else { return nil }
    var end = begin + 1
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    return end < bytes.count ? begin + 1..<end : nil
  }

  private static func big(_ bytes: Span<UInt8>, _ at: Int, _ count: Int) -> Int {
    var value: UInt64 = 0
    for place in at..<at + count { value = value << 8 | UInt64(bytes[place]) }
    return Int(truncatingIfNeeded: value)
  }

  /// Seconds east of Greenwich at a time in seconds since 1970.
  public func offset(at seconds: Int) -> Int {
    guard let last = transitions.last else { return rule?.offset(at: seconds) ?? first }
    if seconds >= last.at { return rule?.offset(at: seconds) ?? last.offset }
    var (low, high) = (0, transitions.count)
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : transitions[low - 1].offset
  }

  /// When clocks on the wall show this for the first time, or, where they never do since they are
  /// put forward, when that happens. In seconds since 1970, the given one as if in Greenwich.
  public func moment(ofLocal local: Int) -> Int {
    let before = offset(at: local - 86_400)
    let after = offset(at: local + 86_400)
    let candidates = [local - max(before, after), local - min(before, after)]
    for candidate in candidates where candidate + offset(at: candidate) == local {
      return candidate
    }
    return local - before
  }
}
