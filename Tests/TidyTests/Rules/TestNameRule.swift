/// The name of a test is a sentence that says what holds.
enum TestNameRule {
  static let name = "test-name"

  static func breaches(in source: SwiftSource) -> [Breach] {
    guard source.isTest else { return [] }
    var result: [Breach] = []
    var pending = false
    for line in source.code.indices {
      let tokens = source.tokens(line)
      if let place = tokens.firstIndex(of: "@"), tokens.dropFirst(place + 1).first == "Test" {
        pending = true
      }
      guard pending, tokens.contains("func") else { continue }
      pending = false
      if let problem = problem(with: source.file.lines[line]) {
        result.append(source.file.breach(name, line: line + 1, problem))
      }
    }
    return result
  }

  private static func problem(with line: String) -> String? {
    let parts = line.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0].hasSuffix("func ") else {
      return "the name of a test is a sentence in backticks"
    }
    let sentence = parts[1]
    if sentence.split(separator: " ").count < 3 { return "'\(sentence)' is no sentence" }
    // A name such as `resolv.conf` keeps its own case.
    let isPlainWord = sentence.prefix { $0 != " " }.allSatisfy(\.isLetter)
    if isPlainWord, sentence.first?.isLowercase == true {
      return "'\(sentence)' begins in lower case"
    }
    return nil
  }
}
