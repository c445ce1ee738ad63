/// How numbers are written into columns.
enum Planes {
  /// Appends a number seven bits at a time, the lowest first (LEB128).
  @inline(__always)
  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// A difference as a number without sign, small if it is near zero.
  @inline(__always)
  static func zigzag(_ difference: Int64) -> UInt64 {
    UInt64(bitPattern: difference << 1 ^ difference >> 63)
  }

  @inline(__always)
  static func unzigzag(_ number: UInt64) -> Int64 {
    Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  /// `count` numbers that were appended; nil if there are more or fewer.
  static func numbers(_ bytes: [UInt8], count: Int) -> [UInt64]? {
    var numbers: [UInt64] = []
    numbers.reserveCapacity(count)
    var (number, shift): (UInt64, UInt64) = (0, 0)
    for byte in bytes {
      if shift > 63 { return nil }
      number |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 != 0 {
        shift += 7
      } else {
        numbers.append(number)
        (number, shift) = (0, 0)
      }
    }
    return shift == 0 && numbers.count == count ? numbers : nil
  }

  /// Codes as all their low bytes, and all their high ones if there is need for them: alike stands
  /// beside alike.
  static func bytes(ofCodes codes: [UInt16], entryCount: Int) -> [UInt8] {
    if entryCount <= 1 { return [] }
    var bytes = codes.map { UInt8(truncatingIfNeeded: $0) }
    if entryCount > 256 { bytes += codes.map { UInt8(truncatingIfNeeded: $0 >> 8) } }
    return bytes
  }

  /// `count` codes of such bytes, all below `entryCount`; nil if they are none.
  static func codes(_ bytes: [UInt8], count: Int, entryCount: Int) -> [UInt16]? {
    if bytes.isEmpty { return entryCount == 1 ? [UInt16](repeating: 0, count: count) : nil }
    guard bytes.count == (entryCount > 256 ? 2 * count : count) else { return nil }
    var codes = [UInt16](repeating: 0, count: count)
    for place in 0..<count {
      let high = entryCount > 256 ? UInt16(bytes[count + place]) << 8 : 0
      codes[place] = high | UInt16(bytes[place])
      if Int(codes[place]) >= entryCount { return nil }
    }
    return codes
  }

  /// Entries: how many, how long each is, and all of them.
  static func bytes(ofEntries entries: Interner) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.bytes.count + 2 * entries.count + 4)
    append(UInt64(entries.count), to: &bytes)
    var before: UInt32 = 0
    for end in entries.ends {
      append(UInt64(end - before), to: &bytes)
      before = end
    }
    return bytes + entries.bytes
  }
}
