/// What a block of a file of time zones begins with (RFC 9636 §3.1).
struct ZoneFileHeader {
  static let byteCount = 44
  /// More than any file has of anything.
  private static let countMax = 65_536

  /// Where the block begins.
  let place: Int
  let version: Int
  let transitionCount: Int
  let typeCount: Int
  private let utcCount, standardCount, leapCount, characterCount: Int

  init?(_ bytes: Span<UInt8>, at place: Int) {
    guard place >= 0, place <= bytes.count - ZoneFileHeader.byteCount else { return nil }
    for (index, byte) in "TZif".utf8.enumerated() where bytes[place + index] != byte { return nil }
    self.place = place
    // "\0" is version 1.
    version = bytes[place + 4] == 0 ? 1 : Int(bytes[place + 4]) - 0x30
    var counts: [Int] = []
    for number in 0..<6 {
      var value = 0
      for offset in 0..<4 { value = value << 8 | Int(bytes[place + 20 + 4 * number + offset]) }
      guard value <= ZoneFileHeader.countMax else { return nil }
      counts.append(value)
    }
    (utcCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
    (transitionCount, typeCount, characterCount) = (counts[3], counts[4], counts[5])
  }

  /// How long the block is behind its header.
  func count(timeBytes: Int) -> Int {
    transitionCount * (timeBytes + 1) + typeCount * 6 + characterCount
      + leapCount * (timeBytes + 4) + standardCount + utcCount
  }
}
