import Base

/// The SHA-256 of an API key, written `sha256:` and 64 hexadecimal digits.
///
/// Four words rather than an array: a hundred thousand of them cost no allocation.
public struct KeyDigest: Hashable, Sendable {
  /// The digest's 32 bytes as big-endian words.
  public let first, second, third, fourth: UInt64

  /// A digest from its 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    func word(_ place: Int) -> UInt64 {
      bytes[8 * place..<8 * place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    (first, second, third, fourth) = (word(0), word(1), word(2), word(3))
  }

  /// Reads `sha256:` and 64 hexadecimal digits; nil for anything else.
  public init?(_ text: String) {
    let prefix = "sha256:"
    guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    var high: UInt8?
    for digit in text.utf8.dropFirst(prefix.utf8.count) {
      guard let value = ASCII.hexValue(digit) else { return nil }
      if let upper = high {
        bytes.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self.init(bytes: bytes)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [first, second, third, fourth].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
  }

  /// The digest of no bytes at all: a key that was lost on its way into the hash.
  static let ofNothing = KeyDigest(
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}
