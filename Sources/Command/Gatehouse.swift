import Policies
import PolicyKit
import Runtime

/// The program: finds the subcommand that the command line names, and runs it.
public struct Gatehouse {
  /// The version of this program, as in the change log.
  public static let version = "0.1.0"

  /// All subcommands, in the order of the help.
  public static let subcommands: [any Subcommand.Type] =
    storeSubcommands + [
      RunCommand.self, CheckCommand.self, ExplainCommand.self, InitCommand.self, ImportCommand.self,
      DemoCommand.self,
      NewKeyCommand.self, HashKeyCommand.self, HashPasswordCommand.self, VersionCommand.self,
      ScanCommand.self,
      AuditCommand.self,
      EventsCommand.self,
      SendCommand.self,
      ReplayCommand.self,
      FuzzCommand.self,
      TestCommand.self,
      InterceptCommand.self,
    ]

  /// Runs the process by its own command line, and ends it.
  public static func start() -> Never { ProcessFacts.exit(main(CommandLine.arguments)) }

  /// Runs the process that was started with `arguments`, its own name first; returns the status to
  /// end with: 0 done, 1 failed, 2 not understood.
  public static func main(_ arguments: [String]) -> Int32 {
    run(Array(arguments.dropFirst()), in: Surroundings(catalogue: Catalogue.standard))
  }

  /// Runs the subcommand that `words` begin with.
  public static func run(
    _ words: [String], in surroundings: Surroundings,
    subcommands: [any Subcommand.Type] = Gatehouse.subcommands
  ) -> Int32 {
    guard let first = words.first else {
      surroundings.complain(help(subcommands))
      return 2
    }
    let rest = Array(words.dropFirst())
    do throws(UsageError) {
      switch first {
      case "--help", "-h", "help":
        return try help(about: rest, in: surroundings, subcommands: subcommands)
      case "--version": return try run(VersionCommand.self, rest, in: surroundings)
      default: return try run(find(first, subcommands), rest, in: surroundings)
      }
    } catch {
      let known = subcommands.first { $0.name == first }
      let hint = known.map { "gatehouse \($0.name) --help" } ?? "gatehouse --help"
      surroundings.complain("gatehouse: \(error.message)\nSee '\(hint)'.\n")
      return 2
    }
  }

  private static func run(
    _ subcommand: any Subcommand.Type, _ words: [String], in surroundings: Surroundings
  ) throws(UsageError) -> Int32 {
    let arguments = try Arguments(
      words, options: subcommand.options, operandsMax: subcommand.operandsMax)
    if arguments.asksForHelp {
      surroundings.print(subcommand.usage)
      return 0
    }
    return try subcommand.init(arguments).run(in: surroundings)
  }

  private static func find(
    _ word: String, _ subcommands: [any Subcommand.Type]
  ) throws(UsageError) -> any Subcommand.Type {
    if let found = subcommands.first(where: { $0.name == word }) { return found }
    let what = word.hasPrefix("-") ? "option" : "command"
    throw Arguments.unknown(
      what, word, among: subcommands.map { $0.name } + ["help", "--help", "--version"])
  }

  private static func help(
    about words: [String], in surroundings: Surroundings, subcommands: [any Subcommand.Type]
  ) throws(UsageError) -> Int32 {
    if words.count > 1 { throw UsageError("unexpected argument '\(words[1])'") }
    guard let word = words.first, word != "--help" else {
      surroundings.print(help(subcommands))
      return 0
    }
    surroundings.print(try find(word, subcommands).usage)
    return 0
  }

  /// The text of `gatehouse --help`.
  static func help(_ subcommands: [any Subcommand.Type]) -> String {
    var text = """
      gatehouse COMMAND [OPTIONS]

        Stands in front of HTTP APIs and lets through what may pass.

      Commands:

      """
    let width = subcommands.map { $0.name.count }.max() ?? 0
    for subcommand in subcommands {
      let name = subcommand.name
      text += "  \(name)\(String(repeating: " ", count: width - name.count))  "
      text += "\(subcommand.summary)\n"
    }
    return text + "\n'gatehouse COMMAND --help' says more about one of them.\n"
  }
}
