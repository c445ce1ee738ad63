import Formats

/// `gatehouse clients`: applications that may ask for tokens, in the store of a running gateway.
struct ClientsCommand: Subcommand {
  static let name = "clients"
  static let summary = "lists and changes the clients of the identity provider"
  static let operands = "list | show ID | add ID | set ID | new-secret ID | remove ID"
  static let operandsMax = 2
  static let options =
    [
      Option("--name", "TEXT", "what people read, for add and set"),
      Option("--authentication", "WAY", "how it shows which client it is; 'none' for a public one"),
      Option("--redirect-uri", "URL", "where answers may go, exactly", isRepeatable: true),
      Option("--post-logout-uri", "URL", "where browsers may go after logout", isRepeatable: true),
      Option("--grant", "TYPE", "how it may get tokens", isRepeatable: true),
      Option("--scope", "SCOPE", "what it may ask for", isRepeatable: true),
      Option("--role", "ROLE", "a role of the client's own", isRepeatable: true),
      Option("--trusted", "asks nobody for consent"),
      Option("--disable", "ends the client's tokens, and gives it no more, for set"),
      Option("--enable", "gives it tokens again, for set"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      The token of an administrator is in $GATEHOUSE_TOKEN. A secret is shown once; 'new-secret'
      makes another, and the one before stays good for a day.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(ClientsCommand.operands)")
      if action == "list" {
        return session.print(
          items: try session.all("/v1/clients"),
          columns: ["id", "name", "authentication", "grants", "scopes", "created"])
      }
      let id = try session.operand(1, "the client")
      let path = "/v1/clients/" + AdminConnection.segment(id)
      switch action {
      case "show": session.print(try session.connection.send("GET", path).body)
      case "add":
        let body = JSONValue.object([JSONMember("id", .string(id))] + members(session))
        session.print(
          try session.connection.send("POST", "/v1/clients" + session.dryRun, body).body)
      case "set": session.print(try session.change("PATCH", path, .object(members(session))))
      case "new-secret":
        let body = JSONValue.object([JSONMember("new-secret", true)])
        session.print(try session.change("PATCH", path, body))
      case "remove": session.print(try session.change("DELETE", path, nil))
      default:
        throw AdminConnection.Failure(
          message: "'\(action)' is none of \(ClientsCommand.operands)")
      }
    }
  }

  private func members(_ session: AdminSession) -> [JSONMember] {
    var members = [
      session.text("--name", as: "name"), session.text("--authentication", as: "authentication"),
      session.names("--redirect-uri", as: "redirect-uris"),
      session.names("--post-logout-uri", as: "post-logout-redirect-uris"),
      session.names("--grant", as: "grants"), session.names("--scope", as: "scopes"),
      session.names("--role", as: "roles"),
    ].compactMap { $0 }
    if arguments.has("--trusted") { members.append(JSONMember("trusted", true)) }
    if arguments.has("--disable") { members.append(JSONMember("disabled", true)) }
    if arguments.has("--enable") { members.append(JSONMember("disabled", false)) }
    return members
  }
}
