/// `gatehouse groups`: groups of consumers and the roles they give, in a running gateway's store.
struct GroupsCommand: Subcommand {
  static let name = "groups"
  static let summary = "lists and changes the groups of a running gateway"
  static let operands = "list | show NAME | set NAME | remove NAME"
  static let operandsMax = 2
  static let options = AccessCommand.options("--roles", "a role of all who are in it, for set")
  static let details = "    The token of an administrator is in $GATEHOUSE_TOKEN."

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AccessCommand(
      arguments: arguments, collection: "groups", member: "roles",
      operands: GroupsCommand.operands
    ).run(in: surroundings)
  }
}
