/// Numbers and names within a configuration's words.
enum Digits {
  /// A port in decimal without leading zeros.
  static func port(_ text: Substring) -> UInt16? {
    guard let first = text.utf8.first, first &- 0x30 < 10, first != 0x30 || text.utf8.count == 1
    else { return nil }
    return UInt16(text)
  }
}
