import Formats

/// `gatehouse keys`: the API keys of consumers, in the store of a running gateway.
struct KeysCommand: Subcommand {
  static let name = "keys"
  static let summary = "makes, rotates and revokes API keys of a running gateway"
  static let operands = "list CONSUMER | add CONSUMER | show ID | rotate ID | revoke ID | remove ID"
  static let operandsMax = 2
  static let options =
    [
      Option("--scope", "SCOPE", "what the key may be used for, for add", isRepeatable: true),
      Option("--note", "TEXT", "what the key is for, for add"),
      Option("--expires-in", "TIME", "how long it is good, such as 90d, for add and rotate"),
      Option("--overlap", "TIME", "how long the old key is good yet, for rotate (24h)"),
      Option("--dry-run", "says what would change, and changes nothing"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      A key is printed once, when it is made: it is kept nowhere. The token of an administrator
      is in $GATEHOUSE_TOKEN.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(KeysCommand.operands)")
      let name = try session.operand(1, "the name of a consumer, or of a key,")
      let segment = AdminConnection.segment(name)
      let keys = "/v1/consumers/\(segment)/keys"
      let key = "/v1/keys/\(segment)"
      switch action {
      case "list":
        session.print(
          items: try session.all(keys),
          columns: ["id", "hint", "state", "scopes", "expires", "last-used", "note"])
      case "add": try post(session, keys)
      case "rotate": try post(session, key + "/rotate")
      case "revoke": try post(session, key + "/revoke")
      case "show": session.print(try session.connection.send("GET", key).body)
      case "remove": session.print(try session.change("DELETE", key, nil))
      default:
        throw AdminConnection.Failure(message: "'\(action)' is none of \(KeysCommand.operands)")
      }
    }
  }

  private func post(
    _ session: AdminSession, _ path: String
  ) throws(AdminConnection.Failure) {
    let members = [
      session.names("--scope", as: "scopes"), session.text("--note", as: "note"),
      session.text("--expires-in", as: "expires-in"), session.text("--overlap", as: "overlap"),
    ].compactMap { $0 }
    let body: JSONValue? = members.isEmpty ? nil : .object(members)
    session.print(try session.connection.send("POST", path + session.dryRun, body).body)
  }
}
