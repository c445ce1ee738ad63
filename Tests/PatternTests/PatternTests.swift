import Pattern
import Testing

@Suite struct PatternTests {
  private func matches(_ pattern: String, _ text: String) throws -> Bool {
    try Pattern(pattern).matches(text)
  }

  private func fault(_ pattern: String) -> PatternFault.Kind? {
    do throws(PatternFault) {
      _ = try Pattern(pattern)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test(arguments: [
    ("a+", "xaay"), ("^a*$", ""), ("^a*$", "aaa"), ("^(foo|bar)$", "bar"), ("", "anything"),
    ("^[a-z]{2,3}$", "abc"), ("^\\d{3}-\\d{4}$", "555-1234"), ("a|", "zzz"), ("^[^x]$", "é"),
    ("\\bcat\\b", "a cat sat"), ("^\\p{L}+$", "Größe"), ("^\\P{L}+$", "12!"), ("^.$", "😀"),
    ("^\\u{1F600}$", "😀"), ("^\\uD83D\\uDE00$", "😀"), ("^\\S+$", "a_b"), ("^(?:ab){2}$", "abab"),
    ("^(?<year>\\d{4})$", "2026"), ("^a{2,}$", "aaaaa"), ("[\\-.]", "-"), ("^[a\\]]+$", "a]"),
    ("^a??b$", "b"), ("$", "x"), ("^$", ""), ("\\Bb", "ab"), ("^[\\d\\-x]+$", "1-x"),
    ("(^a|b)c", "bc"),
    ("^\\cJ$", "\n"), ("^\\x41$", "A"), ("^(a*)*$", "aaa"), ("a$|^b", "bc"),
  ])
  func `What a pattern describes is found`(pattern: String, text: String) throws {
    #expect(try matches(pattern, text))
  }

  @Test(arguments: [
    ("^a+$", "aab"), ("^[a-z]{2,3}$", "abcd"), ("^a$", "a\n"), ("^\\d$", "٣"), ("^.$", "\n"),
    ("\\bcat\\b", "concatenate"), ("^\\w$", "é"), ("^[^a-z]$", "b"), ("[]", "x"), ("^$", "x"),
    ("^\\S$", "\u{FEFF}"), ("(^a)b", "aab"), ("^(?:ab){2}$", "ab"), ("a^", "a"), ("$a", "a"),
  ])
  func `What a pattern does not describe is not found`(pattern: String, text: String) throws {
    #expect(try !matches(pattern, text))
  }

  @Test(arguments: [
    "(", ")", "a**", "[z-a]", "[", "\\", "a{2,1}", "{", "\\p{Nonsense}", "\\a", "^*", "+", "(?x)",
    "\\u{110000}", "\\01", "a{,3}", "[\\d-z]x{",
  ])
  func `What is no pattern is refused`(pattern: String) { #expect(fault(pattern) == .syntax) }

  @Test(arguments: ["(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"])
  func `What has no linear bound is refused`(pattern: String) {
    #expect(fault(pattern) == .unsupported)
  }

  // DOS-13.
  @Test(arguments: ["(((a{1000}){1000}){1000})", "a{1001}", String(repeating: "(", count: 1000)])
  func `Patterns of too many states are refused`(pattern: String) {
    #expect(fault(pattern) == .tooLarge)
  }

  // DOS-09.
  @Test(arguments: [
    "^(a+)+$", "^(a|a)*$", "(.*a){20}x", "^(\\w+\\s?)*$", "(x+x+)+y", "\\b(a*)*\\bz",
  ])
  func `Catastrophic patterns take linear time`(pattern: String) throws {
    let compiled = try Pattern(pattern)
    let short = String(repeating: "a", count: 2000) + "!"
    let long = String(repeating: "a", count: 32000) + "!"
    let clock = ContinuousClock()
    let first = clock.measure { _ = compiled.matches(short) }
    let second = clock.measure { _ = compiled.matches(long) }
    // Sixteen times the text; far less than the square of that, with room for a busy machine.
    #expect(second < max(first, .milliseconds(1)) * 130)
  }

  @Test(arguments: ["\\p{L}", "a{1000}", "(?:a{1000}){1000}", "[\\p{Lu}-z]?", "^a$", "\\P{gc=Nd}+"])
  func `Whether a text is a pattern is told without making it`(source: String) {
    let long = String(repeating: source, count: 8192 / source.utf8.count)
    let start = ContinuousClock.now
    for _ in 0..<10 { #expect(Pattern.isPattern(long)) }
    // Making one of these takes seconds.
    #expect(ContinuousClock.now - start < .seconds(3))
    #expect(!Pattern.isPattern(long + "("))
    #expect(!Pattern.isPattern(long + long))
    #expect(!Pattern.isPattern("\\p{None}"))
    #expect(!Pattern.isPattern("\\1(a)"))
  }

  @Test func `Table and walk agree`() throws {
    // A boundary that always holds keeps the table from being made.
    for pattern in ["^(ab|a)*b$", "a.c", "[^b]b{2}", "^$", "b|^a", "(a|b)*abb"] {
      let table = try Pattern(pattern)
      let walk = try Pattern("(?:\(pattern))(?:\\b|\\B)")
      for number in 0..<3280 {
        var rest = number
        var text = ""
        while rest > 0 {
          text.append(["a", "b", "c"][rest % 3])
          rest /= 3
        }
        #expect(table.matches(text) == walk.matches(text), "\(pattern) on \(text)")
      }
    }
  }
}
