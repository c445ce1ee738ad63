import Formats
import Runtime

/// `gatehouse apply`: brings what a running gateway's store holds to what a file says.
struct ApplyCommand: Subcommand {
  static let name = "apply"
  static let summary = "brings the store of a running gateway to what a file says, all or nothing"
  static let operands = "FILE"
  static let operandsMax = 1
  static let options =
    [
      Option("--dry-run", "says what would change, and changes nothing"),
      Option("--prune", "removes what the file does not name, of the lists that are in it"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      The file holds lists of consumers, roles and groups, as 'gatehouse export' prints them.
      The token of an administrator is in $GATEHOUSE_TOKEN.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      _ = try StoreDocument.send(session, isDryRun: arguments.has("--dry-run"))
    }
  }
}
