import Formats

/// `gatehouse upstreams`: which upstreams a running gateway sends requests to.
struct UpstreamsCommand: Subcommand {
  static let name = "upstreams"
  static let summary = "lists, drains and returns upstreams of a running gateway"
  static let operands = "list | drain SERVICE UPSTREAM | return SERVICE UPSTREAM"
  static let operandsMax = 3
  static let options =
    [Option("--dry-run", "says what would change, and changes nothing")]
    + AdminConnection.options + [Option.json]
  static let details = """
      An upstream is called host:port, as 'list' shows it. What is under way with it goes on. It
      stays so over reloads, until it is returned or the process ends; 'drain' in the configuration
      stays longer. The token of an administrator is in $GATEHOUSE_TOKEN.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(UpstreamsCommand.operands)")
      if action == "list" {
        return session.print(
          items: try session.all("/v1/upstreams"),
          columns: ["service", "upstream", "well", "draining"])
      }
      guard action == "drain" || action == "return" else {
        throw AdminConnection.Failure(
          message: "'\(action)' is none of \(UpstreamsCommand.operands)")
      }
      let members = [
        JSONMember("service", .string(try session.operand(1, "the service"))),
        JSONMember("upstream", .string(try session.operand(2, "the upstream, host:port"))),
        JSONMember("drain", .boolean(action == "drain")),
      ]
      session.print(
        try session.connection.send(
          "POST", "/v1/upstreams/drain" + session.dryRun, .object(members)
        ).body)
    }
  }
}
