/// What a script of a Postman collection asks for, as far as it can be said without running it.
enum CollectionStatement: Equatable {
  case status([Int])
  case isSuccess
  case below(milliseconds: Int)
  case hasField(String, value: String?)
  case bodyContains(String)
  case member([String], JSONValue)
  case memberIsThere([String])
  case keep(String, path: [String])
  case keepText(String, String)
  /// A line that only a JavaScript engine could run.
  case unknown(String)

  /// The statements in the lines of a script.
  static func read(_ lines: [String]) -> [CollectionStatement] {
    lines.flatMap { line -> [CollectionStatement] in
      let text = line.trimmed
      if text.isEmpty || isShell(text) { return [] }
      // A test on one line has its name before what it asks for.
      if text.hasPrefix("pm.test("), let open = text.firstRange(of: "{"),
        let close = text.lastIndex(of: "}"), open.upperBound < close
      {
        return text[open.upperBound..<close].split(separator: ";").flatMap {
          read([String($0)])
        }
      }
      return [statement(text)]
    }
  }

  /// Whether a line only frames others, or names the answer's content.
  private static func isShell(_ text: String) -> Bool {
    if text.hasPrefix("//") || text.hasPrefix("console.") { return true }
    if text.hasPrefix("pm.test("), text.hasSuffix("{") { return true }
    if ["});", "})", "}", "{"].contains(text) { return true }
    let isAssignment = ["var ", "let ", "const "].contains { text.hasPrefix($0) }
    return isAssignment && (text.contains("pm.response.json()") || text.contains("JSON.parse("))
  }

  private static func statement(_ text: String) -> CollectionStatement {
    let line = text.hasSuffix(";") ? String(text.dropLast()) : text
    if let argument = between("pm.response.to.have.status(", line) {
      return Int(argument).map { .status([$0]) } ?? .unknown(text)
    }
    if line == "pm.response.to.be.ok" || line == "pm.response.to.be.success" { return .isSuccess }
    if let argument = between("pm.response.to.have.header(", line) {
      let parts = argument.split(separator: ",").map { unquoted(String($0)) }
      return parts.isEmpty ? .unknown(text) : .hasField(parts[0], value: parts.dropFirst().first)
    }
    for store in ["environment", "collectionVariables", "globals", "variables"] {
      guard let argument = between("pm.\(store).set(", line) else { continue }
      let parts = argument.split(separator: ",", maxSplits: 1).map { String($0).trimmed }
      guard parts.count == 2 else { return .unknown(text) }
      if let path = member(parts[1]) { return .keep(unquoted(parts[0]), path: path) }
      return isQuoted(parts[1])
        ? .keepText(unquoted(parts[0]), unquoted(parts[1])) : .unknown(text)
    }
    return expectation(line) ?? .unknown(text)
  }

  private static func expectation(_ line: String) -> CollectionStatement? {
    guard line.hasPrefix("pm.expect("), let middle = line.firstRange(of: ").to.") else {
      return nil
    }
    let subject = String(line.dropFirst(10)[..<middle.lowerBound]).trimmed
    let demand = String(line[middle.upperBound...])
    let argument = demand.firstRange(of: "(").map { open in
      String(demand[open.upperBound...].dropLast()).trimmed
    }
    if subject == "pm.response.code" || subject == "pm.response.status" {
      guard let argument else { return nil }
      let numbers = argument.split { "[], ".contains($0) }.compactMap { Int($0) }
      return numbers.isEmpty ? nil : .status(numbers)
    }
    if subject == "pm.response.responseTime", demand.hasPrefix("be.below"), let argument {
      return Int(argument).map { .below(milliseconds: $0) }
    }
    if subject == "pm.response.text()", demand.hasPrefix("include"), let argument {
      return .bodyContains(unquoted(argument))
    }
    guard let path = member(subject) else { return nil }
    if demand.hasPrefix("exist") || demand.hasPrefix("not.be.undefined") {
      return .memberIsThere(path)
    }
    if demand.hasPrefix("have.property"), let argument {
      return .memberIsThere(path + [unquoted(argument)])
    }
    guard ["eql(", "equal(", "eq(", "be.equal("].contains(where: demand.hasPrefix), let argument,
      let value = JSONValue.read(Array(doubleQuoted(argument).utf8))
    else { return nil }
    return .member(path, value)
  }

  /// The members that lead from the answer's content to a value; nil for anything else.
  private static func member(_ text: String) -> [String]? {
    var text = text
    if text.hasPrefix("pm.response.json()") { text = "json" + text.dropFirst(18) }
    let names = text.split(separator: ".").map(String.init)
    guard let first = names.first,
      [
        "json", "jsonData", "data", "response", "responseData", "res", "body", "responseJson",
        "responseBody", "resp",
      ].contains(first),
      names.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" } })
    else { return nil }
    return Array(names.dropFirst())
  }

  private static func between(_ begin: String, _ line: String) -> String? {
    guard line.hasPrefix(begin), line.hasSuffix(")") else { return nil }
    return String(line.dropFirst(begin.count).dropLast()).trimmed
  }

  private static func isQuoted(_ text: String) -> Bool {
    guard let first = text.first, text.count >= 2 else { return false }
    return "\"'`".contains(first) && text.last == first
  }

  private static func unquoted(_ text: String) -> String {
    let text = text.trimmed
    return isQuoted(text) ? String(text.dropFirst().dropLast()) : text
  }

  private static func doubleQuoted(_ text: String) -> String {
    isQuoted(text) ? JSONValue.string(unquoted(text)).serialized : text
  }
}

extension String {
  /// The text without white space at both ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
