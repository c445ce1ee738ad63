import Formats
import Runtime

/// The file of `apply` and `diff`, and what came of sending it.
enum StoreDocument {
  /// Longest file, in bytes: what the admin API takes at once.
  private static let bytesMax = 1024 * 1024

  /// Sends the file and prints the differences; returns how many there are.
  static func send(
    _ session: AdminSession, isDryRun: Bool
  ) throws(AdminConnection.Failure) -> Int {
    let path = try session.operand(0, "the file")
    var members = try read(path).members
    if session.arguments.has("--prune") { members.append(JSONMember("prune", true)) }
    let answer = try session.connection.send(
      "POST", "/v1/apply" + (isDryRun ? "?dry-run=true" : ""), .object(members)
    ).body
    let changes = answer["changes"]?.elements ?? []
    if session.arguments.has("--json") {
      session.print(answer)
      return changes.count
    }
    for change in changes { print(change, session) }
    session.surroundings.print(
      changes.isEmpty
        ? "nothing is different\n"
        : "\(changes.count) \(isDryRun ? "would change" : "changed")\n")
    return changes.count
  }

  private static func print(_ change: JSONValue, _ session: AdminSession) {
    let target = change["target"]?.string ?? ""
    switch change["action"]?.string {
    case "create": session.surroundings.print("+ \(target)\n")
    case "remove": session.surroundings.print("- \(target)\n")
    default:
      session.surroundings.print("~ \(target)\n")
      for member in change["after"]?.members ?? [] {
        let before = change["before"]?[member.name] ?? .null
        if before == member.value { continue }
        session.surroundings.print(
          "    \(member.name): \(before.serialized) -> \(member.value.serialized)\n")
      }
    }
  }

  private static func read(_ path: String) throws(AdminConnection.Failure) -> JSONValue {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try SystemFile.read(path, bytesMax: bytesMax)
    } catch {
      throw AdminConnection.Failure(message: "\(path) \(error)")
    }
    let diagnostics = Diagnostics(file: path)
    guard let node = YAMLReader().read(bytes, into: diagnostics), !diagnostics.hasErrors else {
      throw AdminConnection.Failure(message: diagnostics.description)
    }
    return JSONValue(node)
  }
}
