import Formats

/// `gatehouse consumers`: those who may call, in the store of a running gateway.
struct ConsumersCommand: Subcommand {
  static let name = "consumers"
  static let summary = "lists and changes the consumers of a running gateway"
  static let operands = "list | show NAME | add NAME | set NAME | remove NAME"
  static let operandsMax = 2
  static let options =
    [
      Option("--role", "ROLE", "a role, for add and set; 'none' for no role", isRepeatable: true),
      Option("--group", "GROUP", "a group, likewise", isRepeatable: true),
      Option("--label", "NAME=TEXT", "something to remember, likewise", isRepeatable: true),
      Option("--plan", "PLAN", "what it may use, for add and set; 'none' for the default"),
      Option("--disable", "refuses the consumer although it is known, for set"),
      Option("--enable", "lets the consumer in again, for set"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  static let details = "    The token of an administrator is in $GATEHOUSE_TOKEN."

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(ConsumersCommand.operands)")
      if action == "list" {
        return session.print(
          items: try session.all("/v1/consumers"),
          columns: ["name", "roles", "groups", "plan", "disabled", "created"])
      }
      let name = try session.operand(1, "the consumer's name")
      let path = "/v1/consumers/" + AdminConnection.segment(name)
      switch action {
      case "show": session.print(try session.connection.send("GET", path).body)
      case "add":
        let members = [JSONMember("name", .string(name))] + (try members(session))
        session.print(
          try session.connection.send(
            "POST", "/v1/consumers" + session.dryRun, .object(members)
          ).body)
      case "set": session.print(try session.change("PATCH", path, .object(members(session))))
      case "remove": session.print(try session.change("DELETE", path, nil))
      default:
        throw AdminConnection.Failure(
          message: "'\(action)' is none of \(ConsumersCommand.operands)")
      }
    }
  }

  private func members(
    _ session: AdminSession
  ) throws(AdminConnection.Failure) -> [JSONMember] {
    var members = [
      session.names("--role", as: "roles"), session.names("--group", as: "groups"),
    ].compactMap { $0 }
    if let plan = arguments.value("--plan") {
      members.append(JSONMember("plan", plan == "none" ? .null : .string(plan)))
    }
    if arguments.has("--disable") { members.append(JSONMember("disabled", true)) }
    if arguments.has("--enable") { members.append(JSONMember("disabled", false)) }
    if arguments.has("--label") {
      var labels: [JSONMember] = []
      for label in arguments.all("--label") {
        let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
          throw AdminConnection.Failure(message: "'\(label)' is not NAME=TEXT")
        }
        labels.append(JSONMember(String(parts[0]), .string(String(parts[1]))))
      }
      members.append(JSONMember("labels", .object(labels)))
    }
    return members
  }
}
