import Base

/// Keys that show by their prefix: those that the gateway makes, and those of services that have
/// asked the makers of scanners to know them.
enum KeyShape {
  private enum Letters { case hexadecimal, alphanumeric, capital, base64URL }

  /// Where the key ends that begins here; nil if none does.
  static func end(ofKey text: Span<UInt8>, _ at: Int) -> Int? {
    guard at + 3 < text.count else { return nil }
    // A key does not begin within a word.
    if at > 0, ASCII.isAlpha(text[at - 1]) || ASCII.isDigit(text[at - 1]) { return nil }
    switch (text[at], text[at + 1]) {
    case (UInt8(ascii: "g"), UInt8(ascii: "h")):
      return end(text, at, "gh_", .hexadecimal, 32) ?? github(text, at)
    case (UInt8(ascii: "s"), UInt8(ascii: "k")), (UInt8(ascii: "r"), UInt8(ascii: "k")):
      return end(text, at, "sk_live_", .alphanumeric, 16)
        ?? end(text, at, "sk_test_", .alphanumeric, 16)
        ?? end(text, at, "rk_live_", .alphanumeric, 16) ?? end(text, at, "sk-", .base64URL, 32)
    case (UInt8(ascii: "x"), UInt8(ascii: "o")):
      return text[at + 2] == UInt8(ascii: "x") && at + 4 < text.count
        && text[at + 4] == UInt8(ascii: "-") ? run(text, at + 5, .base64URL, 10) : nil
    case (UInt8(ascii: "A"), UInt8(ascii: "K")), (UInt8(ascii: "A"), UInt8(ascii: "S")):
      return end(text, at, "AKIA", .capital, 16) ?? end(text, at, "ASIA", .capital, 16)
    case (UInt8(ascii: "A"), UInt8(ascii: "I")): return end(text, at, "AIza", .base64URL, 30)
    default: return nil
    }
  }

  /// `ghp_` and its like: a letter for the kind, and an underscore.
  private static func github(_ text: Span<UInt8>, _ at: Int) -> Int? {
    guard ASCII.isAlpha(text[at + 2]), text[at + 3] == UInt8(ascii: "_") else { return nil }
    return run(text, at + 4, .alphanumeric, 30)
  }

  private static func end(
    _ text: Span<UInt8>, _ at: Int, _ prefix: StaticString, _ letters: Letters, _ countMin: Int
  ) -> Int? {
    let count = prefix.utf8CodeUnitCount
    guard text.count - at > count, ASCII.equals(text.extracting(at..<at + count), prefix) else {
      return nil
    }
    return run(text, at + count, letters, countMin)
  }

  /// The end of a run of such letters, if it is long enough.
  private static func run(
    _ text: Span<UInt8>, _ start: Int, _ letters: Letters, _ countMin: Int
  ) -> Int? {
    var end = start
    while end < text.count, holds(text[end], letters) { end += 1 }
    return end - start >= countMin ? end : nil
  }

  private static func holds(_ byte: UInt8, _ letters: Letters) -> Bool {
    switch letters {
    case .hexadecimal: ASCII.hexValue(byte) != nil
    case .alphanumeric: ASCII.isAlpha(byte) || ASCII.isDigit(byte)
    case .capital: ASCII.isDigit(byte) || (byte >= 0x41 && byte <= 0x5A)
    case .base64URL:
      ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
  }
}
