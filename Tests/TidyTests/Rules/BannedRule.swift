/// Ways round the compiler, hidden state, and sources of time and chance.
enum BannedRule {
  static let name = "banned"

  /// A run of tokens that must not stand in code, save in some folders.
  struct Construct {
    let text: String
    let tokens: [Substring]
    let instead: String
    var folders: [String] = []

    init(_ text: String, _ instead: String, exceptIn folders: [String] = []) {
      self.text = text
      tokens = SwiftSource.tokens(text)
      self.instead = instead
      self.folders = folders
    }

    func isFound(in given: [Substring], code: String) -> Bool {
      guard given.count >= tokens.count else { return false }
      let isThere = (0...given.count - tokens.count).contains { start in
        given[start..<start + tokens.count].elementsEqual(tokens)
      }
      // `try !isDone` is no `try!`.
      return isThere && (!text.hasSuffix("!") || code.contains(text))
    }
  }

  private static let timeFolders = [
    "Sources/Runtime/", "Sources/Telemetry/", "Sources/Control/", "Sources/Command/", "Tests/",
    "Benchmarks/",
  ]

  /// The resolver takes the identifiers of its queries from the system's own generator.
  private static let chanceFolders = ["Sources/Runtime/Resolver/", "Tests/"]

  static let constructs: [Construct] = [
    Construct("@unchecked Sendable", "make the type Sendable, or confine it"),
    Construct("nonisolated(unsafe)", "pass the state, or use Mutex or Atomic"),
    Construct("try!", "throw on, or make the case impossible"),
    Construct("as!", "use as?, or a type that needs no cast"),
    Construct("static let shared", "no singletons: pass the value", exceptIn: ["Fuzz/"]),
    Construct("#if false", "delete it"),
    Construct("Thread.sleep", "wait for the event itself"),
    Construct("Task.sleep", "wait for the event itself"),
    Construct("usleep(", "wait for the event itself"),
    Construct("clock_gettime", "time is passed in", exceptIn: timeFolders),
    Construct("ContinuousClock(", "time is passed in", exceptIn: timeFolders),
    Construct("ContinuousClock.now", "time is passed in", exceptIn: timeFolders),
    Construct("SuspendingClock", "time is passed in", exceptIn: timeFolders),
    Construct("Date()", "time is passed in", exceptIn: timeFolders),
    Construct("SystemRandomNumberGenerator", "randomness is Crypto's", exceptIn: ["Tests/"]),
    Construct(".random(in:", "randomness is Crypto's", exceptIn: chanceFolders),
    Construct(".randomElement(", "randomness is Crypto's", exceptIn: ["Tests/"]),
    Construct(
      "print(", "write to a log",
      exceptIn: ["Sources/Command/", "Sources/gatehouse/", "Tests/", "Benchmarks/"]),
  ]

  static func breaches(in source: SwiftSource) -> [Breach] {
    source.code.indices.flatMap { line -> [Breach] in
      let tokens = source.tokens(line)
      guard !tokens.isEmpty else { return [] }
      var result = constructs.filter { construct in
        construct.isFound(in: tokens, code: source.code[line])
          && !construct.folders.contains { source.path.hasPrefix($0) }
      }.map { construct in
        source.file.breach(
          name, line: line + 1, "'\(construct.text)': \(construct.instead)")
      }
      for _ in 0..<forcedUnwraps(source.code[line]) {
        result.append(
          source.file.breach(name, line: line + 1, "'!' unwraps by force: use guard or ??"))
      }
      return result
    }
  }

  /// Exclamation marks right behind a value: not `!x`, `a != b`, `try!` or `as!`.
  private static func forcedUnwraps(_ code: String) -> Int {
    let letters = Array(code)
    return letters.indices.dropFirst().filter { place in
      guard letters[place] == "!" else { return false }
      let before = letters[place - 1]
      let isValue = SwiftSource.isWord(before) || ")]}`\"".contains(before)
      let isOperator = place + 1 < letters.count && letters[place + 1] == "="
      let word = String(letters[..<place].reversed().prefix { SwiftSource.isWord($0) }.reversed())
      return isValue && !isOperator && word != "try" && word != "as"
    }.count
  }
}
