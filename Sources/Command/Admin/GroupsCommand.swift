/// `gatehouse groups`: groups of consumers and the roles they give, in a running gateway's store.
struct GroupsCommand: AccessCommand {
  static let name = "groups"
  static let summary = "lists and changes the groups of a running gateway"
  static let member = "roles"
  static let memberSummary = "a role of all who are in it, for set"

  let arguments: Arguments
}
