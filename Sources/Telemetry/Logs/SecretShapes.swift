import Base

/// What shows by what it looks like not to be for logs, under whatever name it stands: JSON Web
/// Tokens (RFC 7519), numbers of payment cards (ISO/IEC 7812), addresses of e-mail (RFC 5321), and
/// keys of the gateway's own and of well-known services, by their prefixes.
enum SecretShapes {
  /// Fewer characters are no header of a token.
  private static let headerBytesMin = 10
  private static let cardDigits = 13...19

  /// The first secret that begins at `start` or later, and shows before `end`; nil for none.
  /// No byte is looked at more than a few times, whatever the text.
  static func first(in text: Span<UInt8>, from start: Int, before end: Int) -> Range<Int>? {
    var at = start
    /// Where the local part of an address may begin: behind the sign of the one before.
    var least = start
    /// No number of a card begins before this.
    var cards = start
    let stop = min(end, text.count)
    while true {
      at = next(in: text, from: at, before: stop, cards: &cards)
      guard at < stop else { return nil }
      switch text[at] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let stop = digits(in: text, from: at)
        if isCard(text.extracting(at..<stop)) { return at..<stop }
        at = stop
      case UInt8(ascii: "e"):
        guard begins(token: text, at) else {
          at += 1
          continue
        }
        let dot = part(of: text, from: at)
        let isHeader = dot < text.count && text[dot] == UInt8(ascii: ".")
        if isHeader, dot - at >= headerBytesMin { return at..<parts(of: text, from: dot) }
        at = dot
      case UInt8(ascii: "@"), UInt8(ascii: "%"):
        let stop = AddressShape.end(ofSign: text, at)
        if stop > at {
          if let found = AddressShape.address(in: text, around: at..<stop, from: least) {
            return found
          }
          least = stop
        }
        at = max(stop, at + 1)
      default:
        if let stop = KeyShape.end(ofKey: text, at) { return at..<stop }
        at += 1
      }
    }
  }

  /// The next place from which on a secret may show. Nearly all text is none of these, so that this
  /// is what masking costs.
  @inline(__always)
  private static func next(
    in text: Span<UInt8>, from start: Int, before end: Int, cards: inout Int
  ) -> Int {
    // Safety: bytes are read from `start` to before `end` alone, which lie within the span, and
    // every byte has its place in the tables.
    unsafe text.withUnsafeBytes { bytes in
      unsafe firsts.withUnsafeBufferPointer { firsts in
        unsafe seconds.withUnsafeBufferPointer { seconds in
          var at = start
          let last = bytes.count - 1
          while at < end {
            let byte = unsafe bytes[at]
            let next = at < last ? unsafe bytes[at + 1] : 0
            if unsafe firsts[Int(byte)] & seconds[Int(next)] != 0 {
              guard ASCII.isDigit(byte) else { return at }
              if at >= cards {
                cards = unsafe firstCard(in: bytes, from: at)
                if at == cards { return at }
              }
            }
            at += 1
          }
          return at
        }
      }
    }
  }

  /// By their bits, what a secret may begin with, and what may follow that: `ey`, `gh`, `sk`, `rk`,
  /// `xo`, `AK`, `AS`, `AI`; a digit, `@` or `%` whatever follows. Most letters are one of the two
  /// now and then, and few pairs are.
  private static let firsts = table([
    ("0123456789@%", 1), ("e", 2), ("g", 4), ("sr", 8), ("x", 16), ("A", 32),
  ])
  private static let seconds = table(
    [("y", 2), ("h", 4), ("k", 8), ("o", 16), ("KSI", 32)], all: 1)

  private static func table(_ bits: [(letters: String, bit: UInt8)], all: UInt8 = 0) -> [UInt8] {
    var table = [UInt8](repeating: all, count: 256)
    for (letters, bit) in bits {
      for letter in letters.utf8 { table[Int(letter)] |= bit }
    }
    return table
  }

  /// The first place from `at` on where the number of a card may begin, as far as a few looks tell:
  /// identifiers are full of digits, and only so many in a row are a number.
  // Safety: the callers pass a place within the bytes.
  @inline(__always)
  @unsafe
  private static func firstCard(in bytes: UnsafeRawBufferPointer, from at: Int) -> Int {
    guard at + cardDigits.lowerBound <= bytes.count else { return bytes.count }
    var ahead = cardDigits.lowerBound - 1
    while ahead > 0 {
      // Safety: so many bytes follow.
      let byte = unsafe bytes[at + ahead]
      if !ASCII.isDigit(byte), byte != UInt8(ascii: "-") { return at + ahead + 1 }
      ahead /= 2
    }
    return at
  }

  /// Whether a token may begin here: `eyJ` is `{"` in its encoding. It may stand behind other
  /// letters, for what is masked too much does less harm.
  private static func begins(token text: Span<UInt8>, _ start: Int) -> Bool {
    start + 2 < text.count && text[start + 1] == UInt8(ascii: "y")
      && text[start + 2] == UInt8(ascii: "J")
  }

  /// The end of one part of a token.
  private static func part(of text: Span<UInt8>, from start: Int) -> Int {
    var at = start
    while at < text.count, isBase64URL(text[at]) { at += 1 }
    return at
  }

  /// The end of all parts, from the dot behind the first on.
  private static func parts(of text: Span<UInt8>, from dot: Int) -> Int {
    var at = dot
    while at < text.count, text[at] == UInt8(ascii: ".") { at = part(of: text, from: at + 1) }
    return at
  }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }

  /// The end of the digits that begin here, with single hyphens between them.
  private static func digits(in text: Span<UInt8>, from start: Int) -> Int {
    var at = start + 1
    while at < text.count {
      if !ASCII.isDigit(text[at]) {
        guard text[at] == UInt8(ascii: "-"), at + 1 < text.count, ASCII.isDigit(text[at + 1])
        else { break }
      }
      at += 1
    }
    return at
  }

  /// Whether digits are the number of a card: its length, its first digit, and its check digit.
  private static func isCard(_ text: Span<UInt8>) -> Bool {
    guard text.count >= cardDigits.lowerBound, (0x32...0x36).contains(text[0]) else { return false }
    var (count, sum) = (0, 0)
    for offset in 1...text.count {
      let byte = text[text.count - offset]
      guard ASCII.isDigit(byte) else { continue }
      let digit = Int(byte &- 0x30)
      // Every second digit from the right counts twice, and then the sum of its digits.
      sum += count % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10
      count += 1
    }
    return cardDigits.contains(count) && sum % 10 == 0
  }
}
