import Formats

/// `gatehouse usage`: what consumers have used of their plans, in a running gateway.
struct UsageCommand: Subcommand {
  static let name = "usage"
  static let summary = "tells what consumers of a running gateway have used of their plans"
  static let operands = "list | show CONSUMER"
  static let operandsMax = 2
  static let options = AdminConnection.options + [Option.json]
  static let details = "    The token of an administrator is in $GATEHOUSE_TOKEN."

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      switch try session.operand(0, "what to do: \(UsageCommand.operands)") {
      case "list":
        let items = try session.all("/v1/usage")
        if arguments.has("--json") { return session.print(items: items, columns: []) }
        session.print(items: items.flatMap(UsageCommand.rows), columns: UsageCommand.columns)
      case "show":
        let name = AdminConnection.segment(try session.operand(1, "the consumer's name"))
        let found = try session.connection.send("GET", "/v1/consumers/\(name)/usage").body
        if arguments.has("--json") { return session.print(found) }
        session.print(items: UsageCommand.rows(found), columns: UsageCommand.columns)
      case let other:
        throw AdminConnection.Failure(message: "'\(other)' is none of \(UsageCommand.operands)")
      }
    }
  }

  private static let columns = ["consumer", "plan", "period", "used", "limit", "resets"]

  /// A row for each quota and each limit of the pace; one at least.
  private static func rows(_ item: JSONValue) -> [JSONValue] {
    let begin = [
      JSONMember("consumer", item["consumer"] ?? .null), JSONMember("plan", item["plan"] ?? .null),
    ]
    let limits = (item["limits"]?.elements ?? []).map { limit -> JSONValue in
      .object(begin + [JSONMember("limit", limit)])
    }
    let quotas = (item["quotas"]?.elements ?? []).map { quota -> JSONValue in
      .object(begin + quota.members)
    }
    return limits.isEmpty && quotas.isEmpty ? [.object(begin)] : limits + quotas
  }
}
