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

  /// Whether a member holds a password; of a dotted name, its last part.
  static func isPassword(_ name: String) -> Bool {
    let plain = plain(Operation.last(of: name))
    return plain.contains("password") || plain.contains("passwd") || plain == "pass"
      || plain == "pwd"
  }

  /// Whether a member says what somebody may do.
  static func isRight(_ name: String) -> Bool {
    [
      "admin", "isadmin", "role", "roles", "isstaff", "superuser", "issuperuser", "permissions",
      "usertype", "accounttype", "privileges",
    ].contains(plain(name))
  }

  /// Whether a member means whoever is let in: its name, address or password.
  static func isCredential(_ name: String) -> Bool {
    let plain = plain(Operation.last(of: name))
    return isPassword(name) || plain.contains("mail")
      || ["username", "login", "user", "nickname", "handle"].contains(plain)
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
    var text = plain(noun(of: path.split(separator: "/").last { $0.lowercased() == last } ?? ""))
    for verb in ["create", "add", "new", "get", "list", "all", "update", "delete", "edit"]
    where text.hasPrefix(verb) && text.count > verb.count + 2 {
      text = String(text.dropFirst(verb.count))
      break
    }
    return singular(text)
  }

  /// Words by which a segment says what is done with the noun behind them.
  private static let actions: Set<String> = [
    "get", "fetch", "find", "list", "show", "view", "read", "load", "search", "create", "add",
    "new",
    "make", "insert", "submit", "register", "store", "save", "update", "edit", "change", "modify",
    "set", "put", "post", "patch", "delete", "remove", "cancel", "confirm", "approve", "process",
    "apply", "all", "my", "do",
  ]

  /// The noun in a segment such as `get_customer_v1`, `confirm-transfer` or `getUserById`.
  static func noun(of segment: some StringProtocol) -> String {
    var words = words(of: segment)
    while words.count > 1, actions.contains(words[0]) { words.removeFirst() }
    if let place = words.dropFirst().firstIndex(of: "by") { words.removeSubrange(place...) }
    while words.count > 1, let last = words.last, last.first == "v", isVersion(last) {
      words.removeLast()
    }
    return words.joined()
  }

  /// The words of a name, in lower case, by its marks and its capitals.
  static func words(of name: some StringProtocol) -> [String] {
    var words: [String] = []
    var word = ""
    var wasSmall = false
    for character in name {
      if "_-. ".contains(character) || (character.isUppercase && wasSmall) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if !"_-. ".contains(character) { word += character.lowercased() }
      wasSmall = character.isLowercase || character.isNumber
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// Whether a segment of a path that somebody wrote down looks like an identifier.
  static func isIdentifier(_ segment: String) -> Bool {
    if isVersion(segment), segment.first == "v" { return false }
    if Int(segment) != nil { return true }
    let digits = segment.count { $0.isNumber }
    let isHex = segment.allSatisfy { $0.isHexDigit || $0 == "-" }
    return (isHex && segment.utf8.count >= 8 && digits > 0)
      || (segment.utf8.count >= 16 && digits >= 3)
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
