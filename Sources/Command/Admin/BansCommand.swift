import Formats

/// `gatehouse bans`: who is kept out for a while, in the store of a running gateway.
struct BansCommand: Subcommand {
  static let name = "bans"
  static let summary = "lists, adds and lifts bans of a running gateway"
  static let operands = "list | add TARGET | remove TARGET"
  static let operandsMax = 2
  static let options =
    [
      Option("--for", "TIME", "how long, such as 30m or 7d, for add (1h)"),
      Option("--reason", "TEXT", "why, for add"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      A target is an address (its /64 in IPv6), a block such as 192.0.2.0/24, or 'subject:' and the
      name that somebody signs in with. The token of an administrator is in $GATEHOUSE_TOKEN.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(BansCommand.operands)")
      if action == "list" {
        return session.print(
          items: try session.all("/v1/bans"),
          columns: ["target", "until", "by", "reason", "created"])
      }
      let target = try session.operand(1, "whom: an address, a block or 'subject:NAME'")
      switch action {
      case "add":
        let members =
          [JSONMember("target", .string(target))]
          + [session.text("--for", as: "for"), session.text("--reason", as: "reason")]
          .compactMap { $0 }
        session.print(
          try session.connection.send("POST", "/v1/bans" + session.dryRun, .object(members)).body)
      case "remove":
        session.print(
          try session.change("DELETE", "/v1/bans/" + AdminConnection.segment(target), nil))
      default:
        throw AdminConnection.Failure(message: "'\(action)' is none of \(BansCommand.operands)")
      }
    }
  }
}
