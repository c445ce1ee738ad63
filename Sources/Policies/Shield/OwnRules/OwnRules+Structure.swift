/// What is found by reading a text as the language that it may be put into.
extension OwnRules {
  /// All detectors, by what they look for.
  static var groups: [(name: String, rules: [OwnRule])] {
    [
      ("structure", structure), ("queries", queries), ("fragments", fragments),
      ("commands", commands),
      ("scripts", scripts), ("templates", templates), ("files", files), ("requests", requests),
      ("objects", objects),
    ]
  }

  static var structure: [OwnRule] {
    [
      OwnRule(
        19_001_001, "SQL injection", "@detectSQLi",
        steps: ["utf8toUnicode", "urlDecodeUni", "removeNulls"]),
      OwnRule(
        19_001_002, "SQL injection behind entities", "@detectSQLi", in: OwnRule.parameters,
        steps: OwnRule.unescaped),
      OwnRule(
        19_001_003, "Script in markup", "@detectXSS",
        steps: OwnRule.unescaped + ["cssDecode", "removeNulls"]),
      OwnRule(19_001_004, "Script in markup, as it came", "@detectXSS"),
      OwnRule(
        19_001_005, "Script in markup, encoded more than once", "@detectXSS",
        in: OwnRule.parameters, steps: OwnRule.decodedTwice + ["htmlEntityDecode", "removeNulls"]),
      OwnRule(
        19_001_006, "SQL injection, encoded more than once", "@detectSQLi",
        in: OwnRule.parameters, steps: OwnRule.decodedTwice),
    ]
  }
}
