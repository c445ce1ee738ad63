/// Something that `gatehouse` does, by the first word behind it.
public protocol Subcommand: Sendable {
  /// The word.
  static var name: String { get }
  /// One line for the list of subcommands: a phrase without full stop.
  static var summary: String { get }
  /// Its options beside `--help`.
  static var options: [Option] { get }
  /// How operands are written in the help, such as `[KEY]`; empty if there are none.
  static var operands: String { get }
  /// Further lines for the help; empty if there are none.
  static var details: String { get }
  /// How many operands it takes at most.
  static var operandsMax: Int { get }

  /// Takes what it needs from the arguments, and refuses what makes no sense.
  init(_ arguments: Arguments) throws(UsageError)
  /// Does it, and returns the status that the process ends with.
  func run(in surroundings: Surroundings) -> Int32
}

extension Subcommand {
  /// None.
  public static var options: [Option] { [] }
  /// None.
  public static var operands: String { "" }
  /// None.
  public static var details: String { "" }
  /// None.
  public static var operandsMax: Int { 0 }

  /// The text of `gatehouse NAME --help`.
  static var usage: String {
    var words = ["gatehouse", name]
    words += options.isEmpty ? [] : ["[OPTIONS]"]
    words += operands.isEmpty ? [] : [operands]
    var text = "\(words.joined(separator: " "))\n\n  \(summary)\n"
    if !details.isEmpty { text += "\n\(details)\n" }
    let rows =
      options.map { ([$0.name] + ($0.value.map { [$0] } ?? []), $0.summary) }
      + [(["--help"], "prints this")]
    let width = rows.map { $0.0.joined(separator: " ").count }.max() ?? 0
    text += "\nOptions:\n"
    for (words, summary) in rows {
      let left = words.joined(separator: " ")
      text += "  \(left)\(String(repeating: " ", count: width - left.count))  \(summary)\n"
    }
    return text
  }
}
