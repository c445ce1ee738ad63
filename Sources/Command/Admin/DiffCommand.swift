/// `gatehouse diff`: what a file and the store of a running gateway have different.
struct DiffCommand: Subcommand {
  static let name = "diff"
  static let summary = "says what 'apply' would change; ends with 1 if that is anything"
  static let operands = "FILE"
  static let operandsMax = 1
  static let options =
    [
      Option("--prune", "counts what the file does not name as to be removed")
    ] + AdminConnection.options + [Option.json]
  static let details = "    The token of an administrator is in $GATEHOUSE_TOKEN."

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    var count = 0
    let status = AdminSession.run(arguments, in: surroundings) {
      session throws(AdminConnection.Failure) in
      count = try StoreDocument.send(session, isDryRun: true)
    }
    return status != 0 ? 2 : count == 0 ? 0 : 1
  }
}
