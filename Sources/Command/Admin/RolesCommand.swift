/// `gatehouse roles`: roles that inherit from others, in the store of a running gateway.
struct RolesCommand: Subcommand {
  static let name = "roles"
  static let summary = "lists and changes the roles of a running gateway"
  static let operands = "list | show NAME | set NAME | remove NAME"
  static let operandsMax = 2
  static let options = AccessCommand.options("--inherits", "whose roles it has as well, for set")
  static let details = "    The token of an administrator is in $GATEHOUSE_TOKEN."

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AccessCommand(
      arguments: arguments, collection: "roles", member: "inherits",
      operands: RolesCommand.operands
    ).run(in: surroundings)
  }
}
