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

  /// The fields of a line that are masked by the configuration.
  let coversUserAgent: Bool
  let coversReferer: Bool
  let coversRequestID: Bool
  private struct Word {
    let text: StaticString
    /// Whether it counts wherever it stands.
    let isAnywhere: Bool
  }

  private let others: [[UInt8]]
  /// All words, by their first letters.
  private let words: [Word]
  /// Where the words with a letter begin; those of `z` end at the last.
  private let starts: [Int]

  /// The names that always are, and `others`.
  init(_ others: [String] = []) {
    let names = others.map { $0.lowercased() }
    self.others = names.map { Array($0.utf8) }
    coversUserAgent = names.contains("user-agent")
    coversReferer = names.contains("referer")
    coversRequestID = names.contains("x-request-id")
    let all =
      MaskedNames.anywhere.map { Word(text: $0, isAnywhere: true) }
      + MaskedNames.atEnd.map { Word(text: $0, isAnywhere: false) }
    let letters = all.map { $0.text.description.utf8.first ?? 0 }
    words = (UInt8(ascii: "a")...UInt8(ascii: "z")).flatMap { letter in
      all.indices.filter { letters[$0] == letter }.map { all[$0] }
    }
    starts = (0...26).map { place in
      letters.count { Int($0) < Int(UInt8(ascii: "a")) + place }
    }
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

  private func isListed(_ name: Span<UInt8>) -> Bool {
    for other in others where ASCII.equals(name, other.span) { return true }
    return false
  }

  private func isSecret(_ name: Span<UInt8>) -> Bool {
    for start in name.indices where ASCII.isAlpha(name[start]) {
      let letter = Int(name[start] &- UInt8(ascii: "a"))
      for place in starts[letter]..<starts[letter + 1] {
        let end = start + words[place].text.utf8CodeUnitCount
        guard end <= name.count,
          ASCII.equals(name.extracting(start..<end), words[place].text)
        else { continue }
        if words[place].isAnywhere || end == name.count || !ASCII.isAlpha(name[end]) { return true }
      }
    }
    return false
  }
}
