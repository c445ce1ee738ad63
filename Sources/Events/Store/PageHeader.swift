import Crypto

/// What stands at the head of a page: how long it is, what it holds, and where.
///
/// Numbers are little-endian. A page that was cut, or whose head is damaged, is none.
struct PageHeader {
  static let magic: UInt32 = 0x3145_4847  // "GHE1"
  /// Magic, length, checksum, count, first and last time, and a pair for each column.
  static let byteCount = 32 + 8 * PageColumn.allCases.count

  /// How long the page is, with its head.
  var pageBytes = 0
  var count = 0
  /// The times of the earliest and the latest event, in milliseconds since 1970.
  var firstMilliseconds: UInt64 = .max
  var lastMilliseconds: UInt64 = 0
  /// By column: how many bytes it is, and how many it takes; 0 for those that are left out.
  var sizes: [(raw: Int, stored: Int)] = []

  init() {}

  /// The head that `bytes` begin with; nil if they do not.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= PageHeader.byteCount else { return nil }
    let bytes = Array(bytes[..<PageHeader.byteCount])
    guard PageHeader.load(bytes, 0, 4) == UInt64(PageHeader.magic),
      PageHeader.load(bytes, 8, 4) == UInt64(PageHeader.checksum(bytes))
    else { return nil }
    pageBytes = Int(PageHeader.load(bytes, 4, 4))
    count = Int(PageHeader.load(bytes, 12, 4))
    firstMilliseconds = PageHeader.load(bytes, 16, 8)
    lastMilliseconds = PageHeader.load(bytes, 24, 8)
    var whole = PageHeader.byteCount
    for place in PageColumn.allCases.indices {
      let raw = Int(PageHeader.load(bytes, 32 + 8 * place, 4))
      let stored = Int(PageHeader.load(bytes, 36 + 8 * place, 4))
      sizes.append((raw, stored))
      whole += stored
    }
    guard whole == pageBytes, count > 0, count <= PageBuilder.countMax,
      sizes.allSatisfy({ $0.raw <= PageBuilder.columnBytesMax })
    else { return nil }
  }

  /// The bytes of it.
  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: PageHeader.byteCount)
    PageHeader.store(UInt64(PageHeader.magic), 4, &bytes, 0)
    PageHeader.store(UInt64(pageBytes), 4, &bytes, 4)
    PageHeader.store(UInt64(count), 4, &bytes, 12)
    PageHeader.store(firstMilliseconds, 8, &bytes, 16)
    PageHeader.store(lastMilliseconds, 8, &bytes, 24)
    for (place, size) in sizes.enumerated() {
      PageHeader.store(UInt64(size.raw), 4, &bytes, 32 + 8 * place)
      PageHeader.store(UInt64(size.stored), 4, &bytes, 36 + 8 * place)
    }
    PageHeader.store(UInt64(PageHeader.checksum(bytes)), 4, &bytes, 8)
    return bytes
  }

  /// Where a column begins in the page.
  func offset(of column: PageColumn) -> Int {
    sizes[..<Int(column.rawValue)].reduce(PageHeader.byteCount) { $0 + $1.stored }
  }

  /// That of all but its own place.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var bytes = bytes
    store(0, 4, &bytes, 8)
    return CRC32.checksum(bytes.span)
  }

  private static func load(_ bytes: [UInt8], _ at: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
  }

  private static func store(_ number: UInt64, _ count: Int, _ bytes: inout [UInt8], _ at: Int) {
    for place in 0..<count {
      bytes[at + place] = UInt8(truncatingIfNeeded: number >> UInt64(8 * place))
    }
  }
}
