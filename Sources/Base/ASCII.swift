/// Byte classes of HTTP and URI grammar, and case folding, for ASCII alone.
public enum ASCII {
  @inline(__always)
  static func contains(_ low: UInt64, _ high: UInt64, _ byte: UInt8) -> Bool {
    if byte >= 0x80 { return false }
    return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte & 63)) & 1 == 1
  }

  /// RFC 9110 §5.6.2 `tchar`.
  @inline(__always)
  public static func isToken(_ byte: UInt8) -> Bool {
    contains(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE, byte)
  }

  /// What a field value may hold: visible ASCII, space, tab and obs-text (RFC 9110 §5.5).
  @inline(__always)
  public static func isFieldValue(_ byte: UInt8) -> Bool {
    (byte >= 0x20 && byte != 0x7F) || byte == 0x09
  }

  /// `0` to `9`.
  @inline(__always)
  public static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// `A` to `Z` and `a` to `z`.
  @inline(__always)
  public static func isAlpha(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// The value of a hexadecimal digit, or nil.
  @inline(__always)
  public static func hexValue(_ byte: UInt8) -> UInt8? {
    if byte &- 0x30 < 10 { return byte &- 0x30 }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }

  /// The byte with `A` to `Z` made small, and any other as it is.
  @inline(__always)
  public static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// Makes `A` to `Z` small in a range of bytes, eight at a time.
  public static func lowercase(_ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range beyond the bytes")
    let room = bytes.count - range.lowerBound
    // Safety: the range lies within the bytes, of which `room` follow its beginning.
    unsafe bytes.withUnsafeMutableBytes { raw in
      guard let base = raw.baseAddress else { return }
      unsafe lowercase(base + range.lowerBound, first: range.count, of: room)
    }
  }

  /// Makes `A` to `Z` small in the first `count` of `room` bytes at `base`, all of which are valid;
  /// those behind are written as they were.
  @inline(__always)
  @unsafe
  public static func lowercase(_ base: UnsafeMutableRawPointer, first count: Int, of room: Int) {
    var at = 0
    while at < count, at + 8 <= room {
      // Safety: eight bytes from `at` on are among the `room` that are valid.
      let word = unsafe UInt64(
        littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      let left = count - at
      let kept: UInt64 = left >= 8 ? 0 : ~0 &<< UInt64(truncatingIfNeeded: 8 * left)
      let changed = (lowercased(word) & ~kept) | (word & kept)
      unsafe base.storeBytes(of: changed.littleEndian, toByteOffset: at, as: UInt64.self)
      at += 8
    }
    while at < count {
      // Safety: `at` is below `count`, which is no more than `room`.
      let byte = unsafe base.load(fromByteOffset: at, as: UInt8.self)
      unsafe base.storeBytes(of: lowercased(byte), toByteOffset: at, as: UInt8.self)
      at += 1
    }
  }

  /// `lowercased` of eight bytes at once: the high bit of each lane says whether it is a capital.
  @inline(__always)
  static func lowercased(_ word: UInt64) -> UInt64 {
    let low = word & 0x7F7F_7F7F_7F7F_7F7F
    let isFromA = low &+ 0x3F3F_3F3F_3F3F_3F3F
    let isBeyondZ = low &+ 0x2525_2525_2525_2525
    let isCapital = isFromA & ~isBeyondZ & ~word & 0x8080_8080_8080_8080
    return word | isCapital >> 2
  }

  /// RFC 3986 §2.3 `unreserved`.
  @inline(__always)
  public static func isUnreserved(_ byte: UInt8) -> Bool {
    contains(0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE, byte)
  }

  /// RFC 3986 §3.3 `pchar` without percent-encoding.
  @inline(__always)
  public static func isPathCharacter(_ byte: UInt8) -> Bool {
    contains(0x2FFF_7FD2_0000_0000, 0x47FF_FFFE_87FF_FFFF, byte)
  }

  /// Whether `bytes` is `text`, without regard to case; `text` is given in lower case.
  public static func equalsIgnoringCase(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count == count else { return false }
    for index in 0..<count {
      // Safety: `index` is below the static string's count.
      let wanted = unsafe text.utf8Start[index]
      if lowercased(bytes[index]) != wanted { return false }
    }
    return true
  }

  /// Whether `bytes` is `text`, byte by byte.
  @inline(__always)
  public static func equals(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count == count else { return false }
    // Safety: both are valid for `count` bytes during the call.
    return unsafe bytes.withUnsafeBytes { unsafe areEqual($0.baseAddress, text.utf8Start, count) }
  }

  /// Whether two spans hold the same bytes. Not for secrets: its time depends on the content.
  @inline(__always)
  public static func equals(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { first in
      // Safety: both are valid for the count that they share during the call.
      unsafe right.withUnsafeBytes {
        unsafe areEqual(first.baseAddress, $0.baseAddress, first.count)
      }
    }
  }

  /// Compares eight bytes at a time; the last eight may overlap those before them.
  // Safety: the callers pass pointers that are valid for `count` bytes, and no load goes beyond.
  private static func areEqual(
    _ left: UnsafeRawPointer?, _ right: UnsafeRawPointer?, _ count: Int
  ) -> Bool {
    guard let left = unsafe left, let right = unsafe right else { return count == 0 }
    if count < 8 {
      for at in 0..<count {
        let same =
          unsafe left.load(fromByteOffset: at, as: UInt8.self)
          == right.load(fromByteOffset: at, as: UInt8.self)
        if !same { return false }
      }
      return true
    }
    var at = 0
    while at + 8 < count {
      // Safety: the callers' promise; eight bytes from `at` on lie below `count`.
      let same =
        unsafe left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if !same { return false }
      at += 8
    }
    return unsafe left.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      == right.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
  }

  /// The decimal number in `bytes`: digits alone, at most 18 of them.
  public static func decimal(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count > 0, bytes.count <= 18 else { return nil }
    var value = 0
    for index in bytes.indices {
      guard isDigit(bytes[index]) else { return nil }
      value = value * 10 + Int(bytes[index] - 0x30)
    }
    return value
  }
}
