/// Members that callers are not meant to set, and what to set them to.
enum ForgedMembers {
  private static let telling: Set<String> = [
    "role", "roles", "isadmin", "admin", "state", "status", "verified", "approved", "balance",
    "credit", "credits", "isverified", "emailverified", "price", "paid", "isactive", "plan",
    "permissions", "usertype", "isstaff", "superuser", "issuperuser", "accountbalance",
    "availablecredit", "discount", "accounttype", "tier", "level", "isapproved", "ispaid",
    "internal", "premium", "ispremium", "group", "scope", "points", "quota",
  ]

  /// Whether a member is one that matters.
  static func matters(_ name: String) -> Bool {
    telling.contains(Names.plain(name)) || Names.isOwner(name)
  }

  /// Pairs of values for a member that an answer showed; none for one that does not matter.
  ///
  /// Where the object `isOwn` to somebody who was there before the scan, only values that the API
  /// itself uses are taken: what it cannot read again would lock its owner out.
  static func values(
    for member: JSONMember, isOwn: Bool = false, in scan: isolated Scan
  ) -> [(JSONValue, JSONValue)] {
    if Names.isOwner(member.name) { return owners(member, in: scan) }
    guard telling.contains(Names.plain(member.name)) else { return [] }
    switch member.value {
    case .boolean(let value): return [(.boolean(!value), .boolean(!value))]
    case .integer(let value): return [(.integer(value + 977), .integer(value + 1301))]
    case .number(let value): return [(.number(value + 977.5), .number(value + 1301.5))]
    case .string(let own):
      let roles = RoleValues.all(for: member.name, [:], in: scan)
        .filter { $0 != .string(own) && $0.string != nil }
      // What the API itself uses comes first: it may be unable to read anything else again.
      let isRole = ["role", "usertype", "accounttype"].contains(Names.plain(member.name))
      let known = isRole ? roles.prefix(3).map { ($0, $0) } : []
      return isOwn ? Array(known.prefix(1)) : known + [(.string("ghmass"), .string("ghmore"))]
    default: return []
    }
  }

  private static func owners(
    _ member: JSONMember, in scan: isolated Scan
  ) -> [(JSONValue, JSONValue)] {
    let other = scan.users.dropFirst().first.flatMap { scan.selves[$0.name] } ?? [:]
    switch member.value {
    case .integer(let own):
      let ids = other["id", default: []].sorted().compactMap { Int($0) }.filter { $0 != own }
      guard let id = ids.first else { return [(.integer(own + 1), .integer(own + 2))] }
      return [(.integer(id), .integer(id))]
    case .string(let own):
      let all = (other["id"] ?? []).union(other["name"] ?? []).union(other["email"] ?? [])
      // Of the same sort as what stands there.
      let alike = all.sorted().filter {
        $0 != own && ($0.contains("@") == own.contains("@"))
          && ((Int($0) != nil) == (Int(own) != nil))
      }
      return alike.first.map { [(.string($0), .string($0))] } ?? []
    default: return []
    }
  }
}
