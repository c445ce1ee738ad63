public import Base

/// A digest of 256 bits, such as SHA-256 makes; a plain value without storage of its own.
public struct Digest256: Hashable, Sendable {
  /// The bytes, first byte highest: so the order of the words is the order of the bytes.
  public let words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest of these words.
  public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// Takes over exactly 32 bytes; nil if there are more or fewer.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init { bytes[$0] }
  }

  /// Reads 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: Span<UInt8>) {
    guard hex.count == 64 else { return nil }
    var invalid = false
    self.init { index in
      let high = ASCII.hexValue(hex[2 * index])
      let low = ASCII.hexValue(hex[2 * index + 1])
      if high == nil || low == nil { invalid = true }
      return (high ?? 0) << 4 | (low ?? 0)
    }
    if invalid { return nil }
  }

  /// Reads 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: String) { self.init(hex: hex.utf8.span) }

  private init(_ byte: (Int) -> UInt8) {
    func word(_ place: Int) -> UInt64 {
      var word: UInt64 = 0
      for index in 8 * place..<8 * place + 8 { word = word << 8 | UInt64(byte(index)) }
      return word
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// The byte at `index`, 0 to 31.
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < 32, "a digest has 32 bytes")
    let word =
      switch index >> 3 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index & 7)))
  }

  /// Whether two digests are equal, in a time that does not depend on where they differ.
  public func constantTimeEquals(_ other: Digest256) -> Bool {
    let first = (words.0 ^ other.words.0) | (words.1 ^ other.words.1)
    let second = (words.2 ^ other.words.2) | (words.3 ^ other.words.3)
    return first | second == 0
  }

  /// Whether two digests are equal. For secrets use `constantTimeEquals`.
  public static func == (left: Digest256, right: Digest256) -> Bool {
    left.constantTimeEquals(right)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  /// The 32 bytes as an array.
  public var bytes: [UInt8] { (0..<32).map { self[$0] } }

  /// Appends the digest as 64 lower-case hexadecimal digits.
  public func write(hexInto buffer: inout ByteBuffer) {
    for index in 0..<32 {
      buffer.append(Digest256.digit(self[index] >> 4))
      buffer.append(Digest256.digit(self[index] & 15))
    }
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public var hex: String {
    String(
      decoding: (0..<64).map { place in
        Digest256.digit(place & 1 == 0 ? self[place >> 1] >> 4 : self[place >> 1] & 15)
      }, as: UTF8.self)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x57) }
}

extension Digest256: CustomStringConvertible {
  public var description: String { hex }
}
