import Base

/// The names of query parameters and fields whose values are never written down.
///
/// A name is compared as the upstream will read it: percent-decoded, without regard to case.
struct MaskedNames: Sendable {
  /// Words that mark a secret wherever they stand in a name.
  private static let anywhere: [StaticString] = [
    "token", "secret", "passw", "passphrase", "credential", "session", "signature", "apikey",
    "authoriz", "assertion", "samlresponse", "ticket", "jwt",
  ]

  /// Words that are part of harmless ones (`keyword`, `author`, `design`), and so count at the end
  /// of a word alone: `key`, `api_key`, `accessKey`, `keys[0]` do not hide behind what follows.
  private static let atEnd: [StaticString] = [
    "key", "keys", "code", "sig", "auth", "otp", "pwd", "pass", "pin", "sid",
  ]

  /// Longer names are masked unseen.
  private static let nameBytesMax = 64

  private let others: [[UInt8]]
  /// The letters that words begin with, as bits from `a` on: most places in a name need no look.
  private let initials: UInt32

  /// The names that always are, and `others`.
  init(_ others: [String] = []) {
    self.others = others.map { Array($0.lowercased().utf8) }
    var initials: UInt32 = 0
    for word in MaskedNames.anywhere + MaskedNames.atEnd {
      // Safety: no word of the lists is empty, and a static string is there for ever.
      initials |= unsafe 1 << UInt32(word.utf8Start[0] - UInt8(ascii: "a"))
    }
    self.initials = initials
  }

  /// Whether the value of a parameter called `name`, as it stands in a query, is masked.
  func covers(_ name: Span<UInt8>) -> Bool {
    var folded = InlineArray<64, UInt8>(repeating: 0)
    var count = 0
    var at = 0
    while at < name.count {
      if count == MaskedNames.nameBytesMax { return true }
      var byte = name[at]
      at += 1
      if byte == UInt8(ascii: "%"), at + 1 < name.count, let high = ASCII.hexValue(name[at]),
        let low = ASCII.hexValue(name[at + 1])
      {
        byte = high << 4 | low
        at += 2
      }
      folded[count] = ASCII.lowercased(byte)
      count += 1
    }
    return isListed(folded.span.extracting(0..<count))
      || isSecret(folded.span.extracting(0..<count))
  }

  /// Whether a field is masked by the configuration.
  func covers(field: StaticString) -> Bool {
    for other in others where ASCII.equals(other.span, field) { return true }
    return false
  }

  private func isListed(_ name: Span<UInt8>) -> Bool {
    for other in others where ASCII.equals(name, other.span) { return true }
    return false
  }

  private func isSecret(_ name: Span<UInt8>) -> Bool {
    for start in 0..<name.count where mayBegin(name[start]) {
      for word in MaskedNames.anywhere where begins(name, at: start, with: word) { return true }
      for word in MaskedNames.atEnd where begins(name, at: start, with: word) {
        let next = start + word.utf8CodeUnitCount
        if next == name.count || !ASCII.isAlpha(name[next]) { return true }
      }
    }
    return false
  }

  private func mayBegin(_ byte: UInt8) -> Bool {
    ASCII.isAlpha(byte) && initials >> UInt32(byte - UInt8(ascii: "a")) & 1 == 1
  }

  private func begins(_ name: Span<UInt8>, at start: Int, with word: StaticString) -> Bool {
    let end = start + word.utf8CodeUnitCount
    return end <= name.count && ASCII.equals(name.extracting(start..<end), word)
  }
}
