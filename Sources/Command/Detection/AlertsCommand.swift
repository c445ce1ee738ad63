import Formats

/// `gatehouse alerts`: what a running gateway has found in its traffic.
struct AlertsCommand: Subcommand {
  static let name = "alerts"
  static let summary = "lists and shows the alerts of a running gateway"
  static let operands = "list | show ID"
  static let operandsMax = 2
  static let options =
    [Option("--state", "STATE", "only those that are open, ongoing or closed, for list")]
    + AdminConnection.options + [Option.json]

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(AlertsCommand.operands)")
      switch action {
      case "list":
        let state = arguments.value("--state").map { "?state=" + AdminConnection.segment($0) }
        session.print(
          items: try session.all("/v1/alerts" + (state ?? "")),
          columns: ["id", "state", "severity", "detector", "about", "count", "first", "last"])
      case "show":
        let id = AdminConnection.segment(try session.operand(1, "the alert's name"))
        session.print(try session.connection.send("GET", "/v1/alerts/" + id).body)
      default:
        throw AdminConnection.Failure(
          message: "'\(action)' is none of \(AlertsCommand.operands)")
      }
    }
  }
}
