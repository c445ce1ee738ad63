/// What names of members, parameters and path segments mean.
enum Names {
  /// The name in lower case, without what parts its words.
  static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." && $0 != " " }
  }

  /// A noun without its plural's ending.
  static func singular(_ noun: String) -> String {
    if noun.hasSuffix("ies"), noun.count > 4 { return noun.dropLast(3) + "y" }
    if noun.hasSuffix("sses") || noun.hasSuffix("xes") || noun.hasSuffix("ches") {
      return String(noun.dropLast(2))
    }
    if noun.hasSuffix("s"), !noun.hasSuffix("ss"), noun.count > 2 { return String(noun.dropLast()) }
    return noun
  }

  /// Whether a member holds a password.
  static func isPassword(_ name: String) -> Bool {
    let plain = plain(name)
    return plain.contains("password") || plain.contains("passwd") || plain == "pass"
      || plain == "pwd"
  }

  /// Whether a member's name says that it holds whose something is.
  static func isOwner(_ name: String) -> Bool {
    [
      "owner", "ownerid", "userid", "accountid", "createdby", "customerid", "authorid", "memberid",
      "tenantid", "orgid", "organizationid", "creatorid", "user", "author", "customer",
    ].contains(plain(name))
  }

  /// Whether a member holds the code of a voucher or the like, which another answer may have shown.
  static func isVoucher(_ name: String) -> Bool {
    let plain = plain(name)
    return plain.hasSuffix("code")
      && ["coupon", "voucher", "promo", "referral", "gift", "discount", "invite", "redeem"]
        .contains { plain.contains($0) }
  }

  /// Whether a segment of a path is a version: `v1`, `2.0`.
  static func isVersion(_ segment: String) -> Bool {
    let digits = segment.first == "v" ? segment.dropFirst() : segment[...]
    return !digits.isEmpty && digits.allSatisfy { $0.isNumber || $0 == "." }
  }

  /// Words that stand in a path beside the noun and say what is done.
  private static let verbs: Set<String> = [
    "create", "add", "new", "register", "store", "save", "make", "insert", "submit", "all", "list",
    "api", "rest", "get", "view", "show", "mine", "my", "signup", "sign-up", "update", "edit",
    "delete", "remove", "info", "details",
  ]

  /// What a path is about: its last word that is no parameter, version or verb, as a singular.
  static func subject(of path: String) -> String {
    let segments = path.split(separator: "/").map { $0.lowercased() }
      .filter { !$0.hasPrefix("{") && !isVersion($0) }
    guard let last = segments.last(where: { !verbs.contains($0) }) ?? segments.last else {
      return ""
    }
    var text = plain(last)
    for verb in ["create", "add", "new", "get", "list", "all", "update", "delete", "edit"]
    where text.hasPrefix(verb) && text.count > verb.count + 2 {
      text = String(text.dropFirst(verb.count))
      break
    }
    return singular(text)
  }

  /// What a parameter identifies: `order` for `order_id`, `orderId`, `order_uuid`.
  static func subject(ofParameter name: String) -> String {
    var text = plain(name)
    for ending in ["id", "uuid", "guid", "key", "slug", "number", "no", "code", "name", "title"]
    where text.hasSuffix(ending) && text.count > ending.count {
      text = String(text.dropLast(ending.count))
      break
    }
    return singular(text)
  }
}
