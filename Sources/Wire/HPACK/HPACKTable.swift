import Base

/// The dynamic table of one direction of a connection: a queue of fields (RFC 7541 §2.3.2).
///
/// Entries and bytes lie in two arrays that are made when the first field comes, and never grow.
struct HPACKTable: Sendable {
  struct Entry: Sendable {
    var offset: UInt32
    var nameCount: UInt32
    var valueCount: UInt32
    var mark: HPACKField.Mark
  }

  /// The most bytes that the table may ever have (RFC 9113 §6.5.2).
  static let capacityMax = 4096

  /// The size that the encoder has set, in bytes as RFC 7541 §4.1 counts them.
  private(set) var sizeMax = HPACKTable.capacityMax
  private(set) var size = 0
  private(set) var count = 0
  private var entries: [Entry?] = []
  /// The place of the newest entry.
  private var newest = 0
  private(set) var bytes: [UInt8] = []
  /// Where the next entry's bytes go.
  private var end = 0

  private static let slots = capacityMax / 32

  /// The entry of a dynamic index from 0, the newest; nil if there is none.
  subscript(_ index: Int) -> Entry? {
    guard index >= 0, index < count else { return nil }
    return entries[(newest - index) & (HPACKTable.slots - 1)]
  }

  /// The bytes of an entry's name, then of its value.
  func range(_ entry: Entry) -> Range<Int> {
    let start = Int(entry.offset)
    return start..<start + Int(entry.nameCount) + Int(entry.valueCount)
  }

  /// Sets the size, and drops what no longer fits (RFC 7541 §4.3).
  mutating func resize(_ most: Int) {
    sizeMax = most
    evict(to: sizeMax)
  }

  /// Puts a field in front; one that does not fit empties the table (RFC 7541 §4.4).
  mutating func insert(name: Span<UInt8>, value: Span<UInt8>, mark: HPACKField.Mark) {
    let wanted = name.count + value.count + 32
    evict(to: sizeMax - wanted)
    if wanted > sizeMax { return }
    if entries.isEmpty {
      entries = [Entry?](repeating: nil, count: HPACKTable.slots)
      bytes = [UInt8](repeating: 0, count: 2 * HPACKTable.capacityMax)
    }
    makeRoom(name.count + value.count)
    let entry = Entry(
      offset: UInt32(end), nameCount: UInt32(name.count), valueCount: UInt32(value.count),
      mark: mark)
    copy(name)
    copy(value)
    newest = (newest + 1) & (HPACKTable.slots - 1)
    entries[newest] = entry
    count += 1
    size += wanted
  }

  private mutating func copy(_ source: Span<UInt8>) {
    let start = end
    end += source.count
    var target = bytes.mutableSpan
    for index in source.indices { target[start + index] = source[index] }
  }

  private mutating func evict(to most: Int) {
    while count > 0, size > most {
      let place = (newest - count + 1) & (HPACKTable.slots - 1)
      guard let entry = entries[place] else { return }
      entries[place] = nil
      size -= Int(entry.nameCount) + Int(entry.valueCount) + 32
      count -= 1
    }
  }

  /// Moves all bytes to the front when the end is reached: there is room for the table twice.
  private mutating func makeRoom(_ wanted: Int) {
    if end + wanted <= bytes.count { return }
    var moved: [UInt8] = []
    moved.reserveCapacity(bytes.count)
    for index in stride(from: count - 1, through: 0, by: -1) {
      let place = (newest - index) & (HPACKTable.slots - 1)
      guard let entry = entries[place] else { continue }
      let range = range(entry)
      entries[place]?.offset = UInt32(moved.count)
      moved += bytes[range]
    }
    end = moved.count
    moved += repeatElement(0, count: bytes.count - end)
    bytes = moved
  }
}
