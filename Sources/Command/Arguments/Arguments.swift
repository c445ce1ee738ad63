import Formats

/// The words behind a subcommand, held against its options; nothing unknown gets through.
public struct Arguments: Sendable {
  /// The words that are no options, in order.
  public let operands: [String]
  /// Whether `--help` or `-h` is among them.
  public let asksForHelp: Bool
  private let values: [String: [String]]

  /// Reads `words`. An option's value stands behind `=` or in the next word; after `--`, all words
  /// are operands. Throws for what is unknown, repeated, or more than `operandsMax` operands.
  public init(
    _ words: [String], options: [Option], operandsMax: Int = 0
  ) throws(UsageError) {
    var operands: [String] = []
    var values: [String: [String]] = [:]
    var asksForHelp = false
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word == "--help" || word == "-h" {
        asksForHelp = true
        continue
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else {
        throw Arguments.unknown("option", name, among: options.map(\.name) + ["--help"])
      }
      if values[name] != nil, !option.isRepeatable {
        throw UsageError("the option \(name) is there twice")
      }
      values[name, default: []].append(
        try Arguments.value(
          of: option, written: parts.count == 2 ? String(parts[1]) : nil, rest: &rest))
    }
    if operands.count > operandsMax, !asksForHelp {
      throw UsageError("unexpected argument '\(operands[operandsMax])'")
    }
    self.operands = operands
    self.values = values
    self.asksForHelp = asksForHelp
  }

  private static func value(
    of option: Option, written: String?, rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let kind = option.value else {
      if written != nil { throw UsageError("the option \(option.name) takes no value") }
      return ""
    }
    // A word that looks like an option is rather one than a value: those can stand behind `=`.
    let next = rest.first.flatMap { $0.hasPrefix("-") && $0 != "-" ? nil : $0 }
    guard let value = written ?? next, !value.isEmpty else {
      throw UsageError("the option \(option.name) lacks its value, \(kind)")
    }
    if written == nil { rest.removeFirst() }
    return value
  }

  /// The error for a word that is none of `words`, with the nearest of them.
  static func unknown(_ what: String, _ word: String, among words: [String]) -> UsageError {
    let nearest = Spelling.nearest(to: word, in: words)
    return UsageError(
      "unknown \(what) '\(word)'" + (nearest.map { ", did you mean '\($0)'?" } ?? ""))
  }

  /// The value of an option; nil if it is not there.
  public func value(_ option: String) -> String? { values[option]?.first }

  /// The values of an option that may be there more than once, in order.
  public func all(_ option: String) -> [String] { values[option] ?? [] }

  /// Whether an option is there.
  public func has(_ option: String) -> Bool { values[option] != nil }

  /// The configuration file: that of `--config`, else `gatehouse.yaml`.
  public var configPath: String { value("--config") ?? "gatehouse.yaml" }
}
