import Testing

@testable import SecLang

@Suite struct DetectionTests {
  private func isSQL(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return SQLInjection.isFound(bytes.span, TextTraits.of(bytes.span))
  }

  private func isMarkup(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return MarkupInjection.isFound(bytes.span, TextTraits.of(bytes.span))
  }

  @Test(arguments: [
    "1' or '1'='1", "1 or 1=1", "' or 1=1--", "admin'--", "1 union select 1,2", "x') or ('a'='a",
    "1;drop table users", "1' and sleep(5)#", "1 UNION/**/ALL/**/SELECT 1", "\" or \"\"=\"",
    "1' order by 3-- -", "(select password from users)", "1 and (1+2)*3=9",
    "'; exec xp_cmdshell 'x'",
    "1/*!50000union*//*!50000select*/1", "' having 1=1", "1 || 1=1", "'='", "1' like '1",
    "1 and exists(select 1)", "-1' union select @@version", "1'||utl_http.request('x')||'",
    "foo' and (1+2+3+(4+5+6))=7*3--",
  ]) func `A text that changes a query is found`(_ text: String) {
    #expect(isSQL(text))
  }

  @Test(arguments: [
    "hello world", "O'Brien", "it's a dog's life", "rock 'n' roll", "select an item from the menu",
    "union square", "Tom and Jerry", "1 - 2 - 3", "5' 10\" tall", "a=b", "price > 10", "100%",
    "C# and F#", "drop me a line; table for two", "order by phone", "x or y", "20-30", "-- dashes",
    "https://example.org/a?b=c&d=e", "The boys' and girls' club", "e.g. (see below)", "50/50",
    "John \"Johnny\" Smith", "AT&T", "f(x) = x + 1", "name:asc,date:desc", "2026-01-01 00:00:00",
  ]) func `A text that people write is no query`(_ text: String) {
    #expect(!isSQL(text))
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)",
    "<svg/onload=alert(1)>", "javascript:alert(1)", "<a href=\"java\nscript:alert(1)\">x</a>",
    "' autofocus onfocus=alert(1) x='", "<iframe src=//x>", "</textarea><b>", "<body onload = x>",
    "<a href='data:text/html,x'>", "<x style=\"behavior:url(x)\">", "x onclick=alert(1)",
    "<math><mi xlink:href=\"javascript:x\">", "<!ENTITY x SYSTEM \"y\">",
  ]) func `A text that takes over a page is found`(_ text: String) {
    #expect(isMarkup(text))
  }

  @Test(arguments: [
    "hello <b>world</b>", "a < b and c > d", "1 <2", "x = y", "<p class=\"one\">text</p>",
    "javascript: the good parts", "once=1 only=2", "\"quoted\" text", "I <3 you", "a@b.c",
    "<a href=\"https://example.org\">x</a>", "data: a, b", "<img src=\"cat.png\" alt=\"on\">",
    "time: 10:30", "on=1", "<br/>", "onto=2 online=1",
  ]) func `A text that does no harm to a page passes`(_ text: String) {
    #expect(!isMarkup(text))
  }

  /// The time for a long text, in proportion to that for one a twentieth as long.
  private func growth(_ piece: String, _ isFound: (String) -> Bool) -> Double {
    func seconds(_ count: Int) -> Double {
      let text = String(repeating: piece, count: count)
      let clock = ContinuousClock()
      return (0..<4).map { _ in
        let took = clock.measure { _ = isFound(text) }
        return Double(took.components.attoseconds) / 1e18 + Double(took.components.seconds)
      }.min() ?? 0
    }
    return seconds(8000) / max(seconds(400), 1e-5)
  }

  @Test(arguments: ["(", "'", "a ", "<a ", "<a b=", "1 + ", "/*", "\\", "=\"", "`", "((1)) "])
  func `Time is linear in the text`(_ piece: String) {
    #expect(growth(piece, isSQL) < 150)
    #expect(growth(piece, isMarkup) < 150)
  }
}
