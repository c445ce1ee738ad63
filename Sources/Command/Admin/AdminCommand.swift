import Formats

/// `gatehouse admin`: administrators and their tokens.
struct AdminCommand: Subcommand {
  static let name = "admin"
  static let summary = "sets up the first owner, logs in, and looks after administrators"
  static let operands =
    "setup NAME | login NAME | whoami | second-factor add|confirm|remove "
    + "| list | add NAME | set NAME | remove NAME | tokens | token "
    + "| revoke-token ID"
  static let operandsMax = 2
  static let options =
    [
      Option("--role", "ROLE", "viewer, operator, security or owner, for add and set"),
      Option("--disable", "lets an administrator in no more, for set"),
      Option("--enable", "lets an administrator in again, for set"),
      Option("--password", "reads a new password from standard input, for set"),
      Option("--permission", "WORD", "what a token may be used for, for token", isRepeatable: true),
      Option("--code", "reads a code of the second factor after the password, for login"),
      Option("--expires-in", "TIME", "how long a token is good, for token (90d)"),
      Option("--note", "TEXT", "what a token is for, for token"),
      Option("--remove-second-factor", "for set: whose telephone is lost logs in without"),
    ] + AdminConnection.options + [Option.json]
  static let details = """
      setup, login, add and set --password read the password from standard input, never from
      the command line. setup takes the secret of the first start from $GATEHOUSE_SETUP_SECRET.
      second-factor add takes the password and prints a secret and a link for an application;
      confirm and remove take a code of it from standard input.
      Everything else takes a token from $GATEHOUSE_TOKEN, such as login prints.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let action = try session.operand(0, "what to do: \(AdminCommand.operands)")
      switch action {
      case "whoami": session.print(try session.connection.send("GET", "/v1/self").body)
      case "list":
        session.print(
          items: try session.all("/v1/administrators"),
          columns: ["name", "role", "second-factor", "disabled", "created"])
      case "tokens":
        session.print(
          items: try session.all("/v1/tokens"),
          columns: ["id", "administrator", "permissions", "expires", "note"])
      case "token": try makeToken(session)
      default: try run(action, session.operand(1, "a name"), session)
      }
    }
  }

  private func run(
    _ action: String, _ name: String, _ session: AdminSession
  ) throws(AdminConnection.Failure) {
    let path = "/v1/administrators/" + AdminConnection.segment(name)
    switch action {
    case "setup":
      guard let secret = session.surroundings.environment("GATEHOUSE_SETUP_SECRET") else {
        throw AdminConnection.Failure(
          message: "GATEHOUSE_SETUP_SECRET is not set; the gateway prints it at its first start")
      }
      try come(session, "/v1/setup", [JSONMember("secret", .string(secret))], name)
    case "login": try logIn(session, name)
    case "second-factor": try changeSecondFactor(session, name)
    case "add":
      guard let role = session.text("--role", as: "role") else {
        throw AdminConnection.Failure(message: "--role is missing")
      }
      try come(session, "/v1/administrators", [role], name)
    case "set": session.print(try session.change("PATCH", path, .object(changes(session))))
    case "remove": session.print(try session.change("DELETE", path, nil))
    case "revoke-token":
      session.print(
        try session.connection.send("DELETE", "/v1/tokens/" + AdminConnection.segment(name)).body)
    default:
      throw AdminConnection.Failure(message: "'\(action)' is none of \(AdminCommand.operands)")
    }
  }

  private func come(
    _ session: AdminSession, _ path: String, _ members: [JSONMember], _ name: String
  ) throws(AdminConnection.Failure) {
    let own = [
      JSONMember("name", .string(name)),
      JSONMember("password", .string(try session.secretLine("the password"))),
    ]
    session.print(try session.connection.send("POST", path, .object(members + own)).body)
  }

  private func logIn(
    _ session: AdminSession, _ name: String
  ) throws(AdminConnection.Failure) {
    let asked = arguments.has("--code") ? ["the password", "the code"] : ["the password"]
    let lines = try session.secretLines(asked)
    var members = [
      JSONMember("name", .string(name)), JSONMember("password", .string(lines[0])),
    ]
    if asked.count > 1 { members.append(JSONMember("code", .string(lines[1]))) }
    session.print(try session.connection.send("POST", "/v1/sessions", .object(members)).body)
  }

  /// Adds, confirms or removes the second factor of whoever calls.
  private func changeSecondFactor(
    _ session: AdminSession, _ action: String
  ) throws(AdminConnection.Failure) {
    let path = "/v1/self/second-factor"
    func code() throws(AdminConnection.Failure) -> JSONValue {
      ["code": .string(try session.secretLine("the code"))]
    }
    switch action {
    case "add":
      let password = JSONValue.string(try session.secretLine("the password"))
      session.print(try session.connection.send("POST", path, ["password": password]).body)
    case "confirm":
      session.print(
        try session.connection.send("POST", path + "/confirmation", try code()).body)
    case "remove":
      session.print(try session.connection.send("POST", path + "/removal", try code()).body)
    default:
      throw AdminConnection.Failure(
        message: "'\(action)' is none of add, confirm and remove")
    }
  }

  private func changes(
    _ session: AdminSession
  ) throws(AdminConnection.Failure) -> [JSONMember] {
    var members = [session.text("--role", as: "role")].compactMap { $0 }
    if arguments.has("--disable") { members.append(JSONMember("disabled", true)) }
    if arguments.has("--enable") { members.append(JSONMember("disabled", false)) }
    if arguments.has("--remove-second-factor") {
      members.append(JSONMember("second-factor", false))
    }
    if arguments.has("--password") {
      members.append(
        JSONMember("password", .string(try session.secretLine("the password"))))
    }
    return members
  }

  private func makeToken(_ session: AdminSession) throws(AdminConnection.Failure) {
    let members = [
      session.names("--permission", as: "permissions"),
      session.text("--expires-in", as: "expires-in"), session.text("--note", as: "note"),
    ].compactMap { $0 }
    session.print(try session.connection.send("POST", "/v1/tokens", .object(members)).body)
  }
}
