/// What a role may be called: as the description and the API itself call it.
enum RoleValues {
  /// The values for a member that holds a role, those that the API showed first.
  static func all(
    for name: String, _ schema: JSONValue, in scan: isolated Scan
  ) -> [JSONValue] {
    if schema["type"]?.string == "boolean" { return [.boolean(true)] }
    var values: [JSONValue] = []
    if let root = scan.administrator {
      // What the administrator's own answers call its role.
      for (_, answers) in scan.baselines.sorted(by: { $0.key < $1.key }) {
        for leaf in answers[root.name]?.json?.leaves ?? []
        where Names.plain(leaf.name) == Names.plain(name) {
          if !values.contains(leaf.value) { values.append(leaf.value) }
        }
      }
      values = values.filter { value in
        // What an ordinary user is called as well gives nobody more.
        !scan.users.prefix(2).contains { user in
          scan.baselines.values.contains { answers in
            answers[user.name]?.json?.leaves.contains {
              Names.plain($0.name) == Names.plain(name) && $0.value == value
            } == true
          }
        }
      }
    }
    values += schema["enum"]?.elements ?? []
    for operation in scan.operations {
      for member in operation.leafMembers
      where Names.plain(Operation.last(of: member.name)) == Names.plain(name) {
        values += member.value["enum"]?.elements ?? []
      }
    }
    values += ["admin", "administrator", "staff", "Employee", "manager", "ADMIN", "ROLE_ADMIN"]
    var seen: Set<JSONValue> = []
    return values.filter { seen.insert($0).inserted }
  }
}
