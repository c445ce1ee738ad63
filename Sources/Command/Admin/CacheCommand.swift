import Formats

/// `gatehouse cache`: the responses that a running gateway keeps.
struct CacheCommand: Subcommand {
  static let name = "cache"
  static let summary = "lists and purges the caches of a running gateway"
  static let operands = "list | purge"
  static let operandsMax = 1
  static let options =
    [
      Option("--service", "NAME", "of this service alone, for purge"),
      Option("--host", "HOST", "of this host alone, for purge"),
      Option("--path", "PATH", "of this path alone, whatever the query, for purge"),
      Option("--below", "and of all paths below it"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      Several gateways have a cache each. The token of an administrator is in $GATEHOUSE_TOKEN.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(CacheCommand.operands)")
      switch action {
      case "list":
        session.print(
          items: try session.all("/v1/cache"), columns: ["service", "responses", "bytes", "size"])
      case "purge":
        var members = [
          session.text("--service", as: "service"), session.text("--host", as: "host"),
          session.text("--path", as: "path"),
        ].compactMap { $0 }
        if arguments.has("--below") { members.append(JSONMember("below", .boolean(true))) }
        session.print(
          try session.connection.send(
            "POST", "/v1/cache/purge" + session.dryRun, .object(members)
          ).body)
      default:
        throw AdminConnection.Failure(message: "'\(action)' is none of \(CacheCommand.operands)")
      }
    }
  }
}
