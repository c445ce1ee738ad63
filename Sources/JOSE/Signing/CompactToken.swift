/// Where the parts of a compact serialisation lie (RFC 7515 §7.1, RFC 7516 §7.1).
struct CompactToken {
  /// The parts between the dots, empty ones too.
  let parts: [Range<Int>]

  /// Finds the parts; nil unless there are `count`.
  init?(_ token: Span<UInt8>, parts count: Int) {
    var parts: [Range<Int>] = []
    parts.reserveCapacity(count)
    var start = 0
    for at in token.indices where token[at] == UInt8(ascii: ".") {
      parts.append(start..<at)
      if parts.count == count { return nil }
      start = at + 1
    }
    parts.append(start..<token.count)
    guard parts.count == count else { return nil }
    self.parts = parts
  }
}
