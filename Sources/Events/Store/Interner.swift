/// Numbers different byte strings in the order in which they come: equal strings have one number.
///
/// What comes is what clients chose, so that strings are hashed under a seed that they do not know
/// (CWE-407).
struct Interner {
  /// More strings than this have no number: a page has no more events.
  static let countMax = 65_536

  /// All strings, one behind the other, and where each ends.
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [UInt32] = []
  private var hashes: [UInt32] = []
  /// The number plus one of the string that was put here; 0 for none.
  private var slots: [UInt32]
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
    slots = [UInt32](repeating: 0, count: 256)
  }

  var count: Int { ends.count }

  /// Forgets all strings and keeps the storage of those that are used anew.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    if slots.count > 4096 {
      slots = [UInt32](repeating: 0, count: 256)
    } else {
      for place in slots.indices { slots[place] = 0 }
    }
  }

  /// The number of a string, a new one if it has none yet.
  @inline(__always)
  mutating func number(of string: Span<UInt8>) -> UInt16 { number(of: string, Span()) }

  /// The number of the string that two parts make.
  mutating func number(of first: Span<UInt8>, _ second: Span<UInt8>) -> UInt16 {
    let hash = UInt32(
      truncatingIfNeeded: Interner.hash(second, Interner.hash(first, seed)) >> 32)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot] - 1)
      if hashes[number] == hash, isEqual(number, first, second) { return UInt16(number) }
      slot = (slot + 1) & mask
    }
    precondition(ends.count < Interner.countMax, "more strings than a page has events")
    let number = ends.count
    slots[slot] = UInt32(number + 1)
    hashes.append(hash)
    Interner.append(first, to: &bytes)
    Interner.append(second, to: &bytes)
    ends.append(UInt32(bytes.count))
    if ends.count * 2 > slots.count { grow() }
    return UInt16(number)
  }

  private func isEqual(_ number: Int, _ first: Span<UInt8>, _ second: Span<UInt8>) -> Bool {
    let start = number == 0 ? 0 : Int(ends[number - 1])
    guard Int(ends[number]) - start == first.count + second.count else { return false }
    let own = bytes.span
    return Interner.isEqual(own.extracting(start..<start + first.count), first)
      && Interner.isEqual(own.extracting(start + first.count..<Int(ends[number])), second)
  }

  private mutating func grow() {
    var wider = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = wider.count - 1
    for number in hashes.indices {
      var slot = Int(hashes[number]) & mask
      while wider[slot] != 0 { slot = (slot + 1) & mask }
      wider[slot] = UInt32(number + 1)
    }
    slots = wider
  }

  // MARK: Bytes, eight at a time

  @inline(__always)
  static func append(_ bytes: Span<UInt8>, to array: inout [UInt8]) {
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe bytes.withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
  }

  private static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    // Safety: words are loaded at places from 0 to eight before the end of both alone.
    unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        var at = 0
        while at + 8 <= left.count {
          let word = unsafe left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
          if word != (unsafe right.loadUnaligned(fromByteOffset: at, as: UInt64.self)) {
            return false
          }
          at += 8
        }
        while at < left.count {
          if unsafe left[at] != right[at] { return false }
          at += 1
        }
        return true
      }
    }
  }

  /// Folds products of 128 bits, as wyhash does; the seed is secret, the function is not.
  @inline(__always)
  private static func hash(_ string: Span<UInt8>, _ seed: UInt64) -> UInt64 {
    var state = seed ^ UInt64(truncatingIfNeeded: string.count)
    // Safety: words are loaded at places from 0 to eight before the end alone.
    unsafe string.withUnsafeBytes { bytes in
      var at = 0
      while at + 16 <= bytes.count {
        let first = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        let second = unsafe bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
        state = fold(first ^ 0xA076_1D64_78BD_642F, second ^ state)
        at += 16
      }
      var (low, high): (UInt64, UInt64) = (0, 0)
      if at + 8 <= bytes.count {
        low = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        at += 8
      }
      // Safety: as above, byte by byte.
      while at < bytes.count {
        high = unsafe high << 8 | UInt64(bytes[at])
        at += 1
      }
      state = fold(low ^ 0xE703_7ED1_A0B4_28DB, high ^ state)
    }
    return fold(state, seed ^ 0x8EBC_6AF0_9C88_C6E3)
  }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
