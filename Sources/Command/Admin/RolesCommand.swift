/// `gatehouse roles`: roles that inherit from others, in the store of a running gateway.
struct RolesCommand: AccessCommand {
  static let name = "roles"
  static let summary = "lists and changes the roles of a running gateway"
  static let member = "inherits"
  static let memberSummary = "whose roles it has as well, for set"

  let arguments: Arguments
}
