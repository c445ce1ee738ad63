/// Base64 (RFC 4648 §4), read as far as it goes.
enum Base64Decoding {
  /// Appends what `text` decodes to, up to the first character that is none of the alphabet; if
  /// `isForgiving`, such characters are passed over.
  static func decode(_ text: Span<UInt8>, _ output: inout [UInt8], isForgiving: Bool) {
    var bits: UInt32 = 0
    var count = 0
    for at in text.indices {
      guard let value = value(text[at]) else {
        if isForgiving, text[at] != UInt8(ascii: "=") { continue }
        break
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
  }

  /// Appends `text` encoded, with padding.
  static func encode(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var at = 0
    while at < text.count {
      var bits: UInt32 = 0
      let count = min(3, text.count - at)
      for place in 0..<3 { bits = bits << 8 | (place < count ? UInt32(text[at + place]) : 0) }
      for place in 0..<4 {
        let letter = letters[Int(bits >> UInt32(18 - 6 * place)) & 63]
        output.append(place <= count ? letter : UInt8(ascii: "="))
      }
      at += 3
    }
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 0x41
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x61 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
