import Formats

/// What `gatehouse roles` and `gatehouse groups` have in common: the collection of the admin API
/// that is called as the command is, of things that name roles.
protocol AccessCommand: Subcommand {
  /// The member that names roles, and what the option for it is for.
  static var member: String { get }
  static var memberSummary: String { get }

  var arguments: Arguments { get }
  init(arguments: Arguments)
}

extension AccessCommand {
  static var operands: String { "list | show NAME | set NAME | remove NAME" }
  static var operandsMax: Int { 2 }
  static var details: String { "    The token of an administrator is in $GATEHOUSE_TOKEN." }
  static var options: [Option] {
    [
      Option("--\(member)", "ROLE", memberSummary, isRepeatable: true),
      Option("--note", "TEXT", "what it is for, for set"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  }

  init(_ arguments: Arguments) { self.init(arguments: arguments) }

  private var collection: String { "/v1/\(Self.name)" }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(Self.operands)")
      if action == "list" {
        return session.print(
          items: try session.all(collection), columns: ["name", Self.member, "note"])
      }
      let path = collection + "/" + AdminConnection.segment(try session.operand(1, "a name"))
      switch action {
      case "show": session.print(try session.connection.send("GET", path).body)
      case "set": session.print(try set(session, path))
      case "remove": session.print(try session.change("DELETE", path, nil))
      default: throw AdminConnection.Failure(message: "'\(action)' is none of \(Self.operands)")
      }
    }
  }

  private func set(
    _ session: AdminSession, _ path: String
  ) throws(AdminConnection.Failure) -> JSONValue {
    let members = [
      session.names("--\(Self.member)", as: Self.member), session.text("--note", as: "note"),
    ].compactMap { $0 }
    let name = path.split(separator: "/").last.map(String.init)
    let isThere = try session.all(collection).contains {
      $0["name"]?.string.map(AdminConnection.segment) == name
    }
    if isThere { return try session.change("PUT", path, .object(members)) }
    return try session.connection.send("PUT", path + session.dryRun, .object(members)).body
  }
}
