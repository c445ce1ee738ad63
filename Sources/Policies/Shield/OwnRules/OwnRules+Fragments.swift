/// Pieces of queries that only make sense where a value was to stand.
extension OwnRules {
  /// What a value may begin with before a quote that ends it.
  private static let value = #"^[\w\s.@%-]{0,32}"#
  /// Operators that go on behind a quote.
  private static let operators = #"""
    (?:[-+*/^|&=<>!~%]|(?:or|and|xor|div|mod|not|is|in|like|rlike|regexp|sounds|between|eqv|imp)\b)
    """#
  /// What may stand behind the last quote, which the query closes.
  private static let rest = #"\s*[\w\\.-]{0,16}\s*$"#

  static var fragments: [OwnRule] {
    [
      OwnRule(
        19_002_301, "Value that ends its string and begins another",
        #"""
        @rx (?i)\#(value)'\s*\#(operators)[^']{0,64}'\#(rest)|\#
        \#(value)\"\s*(?:[-+*/^|&=<>!~%]|(?:or|and|xor)\b)(?:[^\"]{0,64}[=^|&*+!][^\"]{0,64}\"|\#
        \s*\"\"\s*\")\#(rest)
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_302, "Value that ends its string and cuts the query off",
        #"@rx (?i)\#(value)['\"]\s*\#(operators)[^'\"]{0,64}(?:--|#)[\s\w#-]{0,16}$"#,
        in: OwnRule.parameters),
      OwnRule(
        19_002_303, "Second query behind comments",
        #"""
        @rx (?i)^-?\d[\d\s/*+-]*(?:#[\w\s#/*-]{0,80}|/\*\*/)\s*union\b|\d[df]union\s+select\b|\#
        \bor\s+/\*.{0,64}\*/\s*(?:true\b|\d)|^@@?\w+\s*(?:--|/\*)|^@\w+\s*=\s*null\b|^select\s+@\w
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_304, "Case of a query as a value",
        #"""
        @rx (?i)^\s*case\s+(?:(?:'[^']*'|\d+)\s+)?when\s+(?:'[^']*'|\d|\w+\(|binary\b)\#
        .{0,64}?\bthen\b.{1,64}?\bend\b
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_305, "Statement behind a value",
        #"""
        @rx (?i)^[^\s;]{0,16}\s*;\s*(?:drop\s+\w+\s*(?:--|#|;|$)|call\s+\w+\s*\(|do\s*\(|\#
        execute\s+as\s+\w|begin\s+shutdown\b|(?:replace|insert)(?:\s|/\*.{0,64}?\*/)+(?:into\s+)?\#
        [^;]{0,200}?\bvalues\s*\()|^\d+\)\s+from\s+\w+\s+where\s+\w+\s*=
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_306, "Truth in brackets or of functions",
        #"""
        @rx (?i)\b(?:or|and)\s*\(+\s*\d+\s+(?:or|and)\s+\d+\s*\)|\d\s*=\s*\d+\s+(?:and|or)\s*\#
        [-~!][\s~!-]*\(|\b(?:and|or)\s+\w+\(\)\s*=\s*\w+\(\)|^\s*(?:encode|insert|div)\s*=?\s*\(
        """#, in: OwnRule.parameters),
    ]
  }
}
