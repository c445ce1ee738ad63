import Formats

/// `gatehouse users`: people who may sign in, in the store of a running gateway.
struct UsersCommand: Subcommand {
  static let name = "users"
  static let summary = "lists and changes the users of the identity provider"
  static let operands = "list | show ID | add NAME | set ID | remove ID"
  static let operandsMax = 2
  static let options =
    [
      Option("--password", "reads a password from standard input, for add and set"),
      Option("--full-name", "TEXT", "what people read, likewise"),
      Option("--email", "ADDRESS", "the e-mail address, likewise"),
      Option("--role", "ROLE", "a role, likewise; 'none' for no role", isRepeatable: true),
      Option("--group", "GROUP", "a group, likewise", isRepeatable: true),
      Option("--disable", "ends the user's sessions and tokens, and lets him in no more, for set"),
      Option("--enable", "lets the user in again, for set"),
      Option("--remove-second-factor", "asks for the password alone again, for set"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  static let details = "    The token of an administrator is in $GATEHOUSE_TOKEN."

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(UsersCommand.operands)")
      if action == "list" {
        return session.print(
          items: try session.all("/v1/users"),
          columns: ["id", "name", "roles", "groups", "disabled", "created"])
      }
      let id = try session.operand(1, "the user")
      let path = "/v1/users/" + AdminConnection.segment(id)
      switch action {
      case "show": session.print(try session.connection.send("GET", path).body)
      case "add":
        let body = JSONValue.object([JSONMember("name", .string(id))] + (try members(session)))
        session.print(try session.connection.send("POST", "/v1/users" + session.dryRun, body).body)
      case "set": session.print(try session.change("PATCH", path, .object(members(session))))
      case "remove": session.print(try session.change("DELETE", path, nil))
      default:
        throw AdminConnection.Failure(message: "'\(action)' is none of \(UsersCommand.operands)")
      }
    }
  }

  private func members(
    _ session: AdminSession
  ) throws(AdminConnection.Failure) -> [JSONMember] {
    var members = [
      session.text("--full-name", as: "full-name"), session.text("--email", as: "email"),
      session.names("--role", as: "roles"), session.names("--group", as: "groups"),
    ].compactMap { $0 }
    if arguments.has("--password") {
      members.append(JSONMember("password", .string(try session.secretLine("the password"))))
    }
    if arguments.has("--remove-second-factor") {
      members.append(JSONMember("remove-second-factor", true))
    }
    if arguments.has("--disable") { members.append(JSONMember("disabled", true)) }
    if arguments.has("--enable") { members.append(JSONMember("disabled", false)) }
    return members
  }
}
