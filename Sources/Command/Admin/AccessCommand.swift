import Formats

/// What `gatehouse roles` and `gatehouse groups` have in common.
struct AccessCommand {
  let arguments: Arguments
  /// `roles` or `groups`.
  let collection: String
  /// The member that names roles.
  let member: String
  let operands: String

  static func options(_ option: String, _ summary: String) -> [Option] {
    [
      Option(option, "ROLE", summary, isRepeatable: true),
      Option("--note", "TEXT", "what it is for, for set"),
      Option("--dry-run", "says what would change, and changes nothing"), AdminConnection.option,
      Option.json,
    ]
  }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(operands)")
      if action == "list" {
        return session.print(
          items: try session.all("/v1/\(collection)"), columns: ["name", member, "note"])
      }
      let path = "/v1/\(collection)/" + AdminConnection.segment(try session.operand(1, "a name"))
      switch action {
      case "show": session.print(try session.connection.send("GET", path).body)
      case "set": session.print(try set(session, path))
      case "remove": session.print(try session.change("DELETE", path, nil))
      default: throw AdminConnection.Failure(message: "'\(action)' is none of \(operands)")
      }
    }
  }

  private func set(
    _ session: AdminSession, _ path: String
  ) throws(AdminConnection.Failure) -> JSONValue {
    let members = [
      session.names("--\(member)", as: member), session.text("--note", as: "note"),
    ].compactMap { $0 }
    let name = path.split(separator: "/").last.map(String.init)
    let isThere = try session.all("/v1/\(collection)").contains {
      $0["name"]?.string.map(AdminConnection.segment) == name
    }
    if isThere { return try session.change("PUT", path, .object(members)) }
    return try session.connection.send("PUT", path + session.dryRun, .object(members)).body
  }
}
