import Formats

/// `gatehouse discover`: the endpoints that a running gateway has seen.
struct DiscoverCommand: Subcommand {
  static let name = "discover"
  static let summary = "lists the endpoints that were seen, or drafts a description of them"
  static let operands = "endpoints | draft SERVICE"
  static let operandsMax = 2
  static let options =
    [
      Option(
        "--standing", "WORD",
        "only those that are undescribed, described, deprecated, shadow or unused"),
      Option("--service", "SERVICE", "only those of a service"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      draft prints OpenAPI 3.1, learnt from what was answered with success. It has no values
      that anybody sent.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(DiscoverCommand.operands)")
      switch action {
      case "endpoints":
        let given = ["standing", "service"].compactMap { word in
          arguments.value("--\(word)").map { "\(word)=\(AdminConnection.segment($0))" }
        }
        let query = given.isEmpty ? "" : "?" + given.joined(separator: "&")
        session.print(
          items: try session.all("/v1/discovery/endpoints" + query),
          columns: [
            "service", "method", "path", "standing", "new", "requests", "refusals", "failures",
            "addresses", "last",
          ])
      case "draft":
        let service = AdminConnection.segment(try session.operand(1, "the service"))
        let draft = try session.connection.send("GET", "/v1/discovery/description/" + service)
        surroundings.print(draft.body.serialized + "\n")
      default:
        throw AdminConnection.Failure(
          message: "'\(action)' is none of \(DiscoverCommand.operands)")
      }
    }
  }
}
