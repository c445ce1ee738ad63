import Testing

@testable import SecLang

@Suite struct RequiredTextTests {
  private func words(_ source: String) -> [String] {
    RequiredText(Array(source.utf8)).words.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `The words are those that every match holds`() {
    #expect(words("union\\s+select") == ["select"])
    #expect(words("(?i)ab(?:c|D)ef") == ["abcef", "abdef"])
    #expect(words("foo|ba[rz]") == ["bar", "baz", "foo"])
    #expect(words("x?yes(?!no)") == ["xyes", "yes"] || words("x?yes(?!no)") == ["yes"])
    #expect(words("\\x41\\.b+") == ["a.b"] || words("\\x41\\.b+") == ["a."])
    for source in ["a*", ".", "foo|", "(?:foo)?", "[^a]b*", "\\1", "foo|.x", "(?x) a", "a"] {
      #expect(words(source).isEmpty, "\(source)")
    }
  }

  @Test func `Bytes stand in where there are no words`() {
    let needs = RequiredText(Array("[;|]\\s*\\w".utf8))
    #expect(
      needs.bytes.map { $0.contains(0x3B) && $0.contains(0x7C) && !$0.contains(0x61) } == true)
    #expect(RequiredText(Array("a*".utf8)).bytes == nil)
    #expect(RequiredText(Array("(?:a|)".utf8)).bytes == nil)
  }

  @Test func `No text that matches lacks what was said to be needed`() throws {
    let sources = [
      "(?i)(?:a|b)c+d?", "[ab]{2,3}c", "(?:ab|c)(?:d|ef)?g", "a(?:b(?:c|d)|e)f*", "^a|b$",
      "(?:a+b){2}", "\\ba\\b.c", "(?<n>a)\\k<n>", "a{0}b", "(?:)?ab|cd", "[^a-y]\\d", "a\\x62",
    ]
    var seed: UInt32 = 1
    for source in sources {
      let needs = RequiredText(Array(source.utf8))
      let pattern = try #require(BacktrackingPattern(Array(source.utf8)), "\(source)")
      let matcher = Matcher()
      for _ in 0..<4000 {
        var text: [UInt8] = []
        for _ in 0..<8 {
          seed = seed &* 1_664_525 &+ 1_013_904_223
          text.append(Array("abcdefgABCDG1z ".utf8)[Int(seed >> 16) % 15])
        }
        guard pattern.match(text.span, matcher) == .matched else { continue }
        let lower = String(decoding: text, as: UTF8.self).lowercased()
        let isThere =
          needs.words.isEmpty
          || needs.words.contains { lower.contains(String(decoding: $0, as: UTF8.self)) }
        #expect(isThere, "\(source) in \(lower)")
        if let bytes = needs.bytes { #expect(text.contains(where: bytes.contains), "\(source)") }
      }
    }
  }
}
