import Formats

/// One command for the admin API: what was typed, the connection, and how answers are printed.
struct AdminSession {
  let arguments: Arguments
  let surroundings: Surroundings
  let connection: AdminConnection

  init(_ arguments: Arguments, in surroundings: Surroundings) throws(AdminConnection.Failure) {
    self.arguments = arguments
    self.surroundings = surroundings
    connection = try AdminConnection(arguments, in: surroundings)
  }

  /// Runs a command, and tells what went wrong.
  static func run(
    _ arguments: Arguments, in surroundings: Surroundings,
    _ body: (AdminSession) throws(AdminConnection.Failure) -> Void
  ) -> Int32 {
    do throws(AdminConnection.Failure) {
      try body(AdminSession(arguments, in: surroundings))
      return 0
    } catch {
      surroundings.complain("gatehouse: \(error.message)\n")
      return 1
    }
  }

  /// The word at a place behind the command; its absence is an error.
  func operand(_ place: Int, _ what: String) throws(AdminConnection.Failure) -> String {
    guard place < arguments.operands.count else {
      throw AdminConnection.Failure(message: "\(what) is missing")
    }
    return arguments.operands[place]
  }

  /// The first line of standard input, for what must not be an argument.
  func secretLine(_ what: String) throws(AdminConnection.Failure) -> String {
    try secretLines([what])[0]
  }

  /// Lines of standard input, one for each of what they are.
  func secretLines(_ what: [String]) throws(AdminConnection.Failure) -> [String] {
    let text = surroundings.input(4096).flatMap { String(validating: $0, as: UTF8.self) } ?? ""
    let lines = text.split(separator: "\n").map(String.init)
    guard lines.count >= what.count else {
      throw AdminConnection.Failure(
        message: "\(what[lines.count]) is read from standard input, and is not there")
    }
    return lines
  }

  /// All items of a list, page by page.
  func all(_ path: String) throws(AdminConnection.Failure) -> [JSONValue] {
    var items: [JSONValue] = []
    var cursor: String?
    repeat {
      let mark = path.contains("?") ? "&" : "?"
      let page = try connection.send(
        "GET", path + mark + "limit=1000" + (cursor.map { "&cursor=\($0)" } ?? ""))
      items += page.body["items"]?.elements ?? []
      cursor = page.body["next"]?.string
    } while cursor != nil
    return items
  }

  // MARK: Printing

  /// Prints items, one a line, or as JSON.
  func print(items: [JSONValue], columns: [String]) {
    if arguments.has("--json") { return json(.array(items)) }
    let rows = [columns] + items.map { item in columns.map { AdminSession.text(item[$0]) } }
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - cell.count + 2)
        }
      }
      surroundings.print(line + "\n")
    }
  }

  /// Prints one thing, a member a line, or as JSON.
  func print(_ value: JSONValue) {
    if arguments.has("--json") { return json(value) }
    let width = value.members.map { $0.name.count }.max() ?? 0
    for member in value.members {
      let space = String(repeating: " ", count: width - member.name.count + 2)
      surroundings.print("\(member.name)\(space)\(AdminSession.text(member.value))\n")
    }
  }

  private func json(_ value: JSONValue) { surroundings.print(value.serialized + "\n") }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text)?: text
    case .array(let elements)?: elements.map { text($0) }.joined(separator: ",")
    case .object(let object)?:
      object.members.map { "\($0.name)=\(text($0.value))" }.joined(separator: ",")
    case .null?, nil: "-"
    case let other?: other.serialized
    }
  }

  // MARK: Members

  /// A list member from a repeatable option; nil if the option is not there. `none` empties it.
  func names(_ option: String, as name: String) -> JSONMember? {
    guard arguments.has(option) else { return nil }
    let given = arguments.all(option).filter { $0 != "none" }
    return JSONMember(name, .array(given.map { .string($0) }))
  }

  /// A text member from an option; nil if it is not there.
  func text(_ option: String, as name: String) -> JSONMember? {
    arguments.value(option).map { JSONMember(name, .string($0)) }
  }

  /// The query that asks for a dry run, if one is wanted.
  var dryRun: String { arguments.has("--dry-run") ? "?dry-run=true" : "" }

  /// Changes what is at a path, from the state that it has now.
  func change(
    _ method: String, _ path: String, _ body: JSONValue?
  ) throws(AdminConnection.Failure) -> JSONValue {
    let now = try connection.send("GET", path)
    return try connection.send(method, path + dryRun, body, match: now.tag).body
  }
}
