import Base

/// Finds numbers by an owner's number and bytes, without allocating.
///
/// Open addressing over arrays. The keys come from the configuration alone, so requests cannot
/// lengthen a chain and the hash needs no secret.
struct ByteTable: Sendable {
  private struct Key: Sendable {
    var hash: UInt64
    var owner: Int32
    var offset: Int32
    var count: Int32
    var value: Int32
  }

  private var slots = [Int32](repeating: -1, count: 8)
  private var keys: [Key] = []
  private var bytes: [UInt8] = []

  init() {}

  var isEmpty: Bool { keys.isEmpty }

  /// The number for `text` of `owner`, or -1.
  func find(_ owner: Int32, _ text: Span<UInt8>) -> Int32 {
    if keys.isEmpty { return -1 }
    let slot = slots[place(of: text, owner, Self.hash(text, owner))]
    return slot < 0 ? -1 : keys[Int(slot)].value
  }

  /// The number for `text` of `owner` with its letters in lower case, or -1; the table's own keys
  /// are in lower case where this is asked for.
  func findFolded(_ owner: Int32, _ text: Span<UInt8>) -> Int32 {
    if keys.isEmpty { return -1 }
    var hash = Self.begin(owner)
    for index in text.indices { hash = Self.step(hash, ASCII.lowercased(text[index])) }
    hash = Self.end(hash)
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] >= 0 {
      let key = keys[Int(slots[place])]
      if key.hash == hash, key.owner == owner, isFolded(key, text) { return key.value }
      place = (place + 1) & mask
    }
    return -1
  }

  private func isFolded(_ key: Key, _ text: Span<UInt8>) -> Bool {
    guard Int(key.count) == text.count else { return false }
    let offset = Int(key.offset)
    for index in text.indices where bytes[offset + index] != ASCII.lowercased(text[index]) {
      return false
    }
    return true
  }

  /// The number for `text` of `owner`; `value` becomes it if there was none.
  mutating func insert(_ owner: Int32, _ text: Span<UInt8>, _ value: Int32) -> Int32 {
    let hash = Self.hash(text, owner)
    let place = place(of: text, owner, hash)
    if slots[place] >= 0 { return keys[Int(slots[place])].value }
    slots[place] = Int32(keys.count)
    keys.append(
      Key(
        hash: hash, owner: owner, offset: Int32(bytes.count), count: Int32(text.count),
        value: value))
    for index in text.indices { bytes.append(text[index]) }
    if keys.count * 2 > slots.count { grow() }
    return value
  }

  /// Where the key stands, or the free place where it would.
  private func place(of text: Span<UInt8>, _ owner: Int32, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] >= 0 {
      let key = keys[Int(slots[place])]
      if key.hash == hash, key.owner == owner, isEqual(key, text) { return place }
      place = (place + 1) & mask
    }
    return place
  }

  private func isEqual(_ key: Key, _ text: Span<UInt8>) -> Bool {
    guard Int(key.count) == text.count else { return false }
    let offset = Int(key.offset)
    for index in text.indices where bytes[offset + index] != text[index] { return false }
    return true
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for (number, key) in keys.enumerated() {
      var place = Int(truncatingIfNeeded: key.hash) & mask
      while slots[place] >= 0 { place = (place + 1) & mask }
      slots[place] = Int32(number)
    }
  }

  /// FNV-1a, begun with the owner and stirred at the end, since its low bits choose the place.
  private static func hash(_ text: Span<UInt8>, _ owner: Int32) -> UInt64 {
    var hash = begin(owner)
    for index in text.indices { hash = step(hash, text[index]) }
    return end(hash)
  }

  @inline(__always)
  private static func begin(_ owner: Int32) -> UInt64 {
    0xCBF2_9CE4_8422_2325 ^ (UInt64(UInt32(bitPattern: owner)) &* 0x9E37_79B9_7F4A_7C15)
  }

  @inline(__always)
  private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  @inline(__always)
  private static func end(_ hash: UInt64) -> UInt64 {
    let stirred = (hash ^ (hash >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return stirred ^ (stirred >> 32)
  }
}
