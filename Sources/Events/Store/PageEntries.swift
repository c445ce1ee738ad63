import Base

/// The entries of a column that was read back.
struct PageEntries {
  private let bytes: [UInt8]
  private let start: Int
  private let ends: [Int]

  /// The entries that `bytes` hold; nil if they hold none.
  init?(_ bytes: [UInt8]) {
    var at = 0
    func number() -> Int? {
      var (number, shift) = (0, 0)
      while at < bytes.count, shift <= 28 {
        let byte = bytes[at]
        at += 1
        number |= Int(byte & 0x7F) << shift
        if byte & 0x80 == 0 { return number }
        shift += 7
      }
      return nil
    }
    guard let count = number(), count > 0, count <= Interner.countMax else { return nil }
    var ends: [Int] = []
    ends.reserveCapacity(count)
    var end = 0
    for _ in 0..<count {
      guard let length = number() else { return nil }
      end += length
      ends.append(end)
    }
    guard end == bytes.count - at else { return nil }
    self.bytes = bytes
    self.ends = ends
    start = at
  }

  var count: Int { ends.count }

  subscript(_ number: Int) -> Span<UInt8> {
    @_lifetime(borrow self) get {
      let from = number == 0 ? 0 : ends[number - 1]
      return bytes.span.extracting(start + from..<start + ends[number])
    }
  }

  /// Eight bytes of an entry as a number.
  func word(_ number: Int, _ place: Int) -> UInt64 {
    let entry = self[number]
    guard entry.count >= 8 * (place + 1) else { return 0 }
    var word: UInt64 = 0
    for at in 0..<8 { word |= UInt64(entry[8 * place + at]) << UInt64(8 * at) }
    return word
  }
}
