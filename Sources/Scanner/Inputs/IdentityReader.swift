import Formats

/// Reads the file of identities: a list below `identities`, or by itself.
enum IdentityReader {
  private static let keys: Set<String> = [
    "name", "role", "headers", "login", "cookies", "oauth", "token", "basic", "certificate",
    "tenant",
  ]

  /// The identities in `root`; what cannot be used is refused with a reason.
  static func read(
    _ root: JSONValue, credential: (field: String, prefix: String), base: String
  ) throws(ScanError) -> [Identity] {
    var result: [Identity] = []
    for entry in root["identities"]?.elements ?? root.elements {
      guard let name = entry["name"]?.scalarText else {
        throw .identities("an identity without a name")
      }
      for member in entry.members where !keys.contains(member.name) {
        throw .identities("'\(member.name)' of \(name) is not known")
      }
      if result.contains(where: { $0.name == name }) {
        throw .identities("there are two called \(name)")
      }
      result.append(try identity(entry, name, credential, base))
    }
    return result
  }

  private static func identity(
    _ entry: JSONValue, _ name: String, _ credential: (field: String, prefix: String),
    _ base: String
  ) throws(ScanError) -> Identity {
    var headers = entry["headers"]?.members.filter { $0.value.scalarText != nil } ?? []
    if let token = entry["token"]?.scalarText {
      headers.append(JSONMember(credential.field, .string(credential.prefix + token)))
    }
    if let basic = entry["basic"] {
      // RFC 7617.
      let pair = "\(basic["username"]?.scalarText ?? ""):\(basic["password"]?.scalarText ?? "")"
      headers.append(
        JSONMember("Authorization", .string("Basic " + Base64.encode(pair.utf8.span, .standard))))
    }
    let cookies = entry["cookies"]?.members.map { "\($0.name)=\($0.value.scalarText ?? "")" } ?? []
    if !cookies.isEmpty {
      headers.append(JSONMember("Cookie", .string(cookies.joined(separator: "; "))))
    }
    var login: Identity.Login?
    if let given = entry["login"] {
      login = try self.login(given, name)
    } else if let oauth = entry["oauth"] {
      login = try self.oauth(oauth, name, base)
    }
    var result = Identity(
      name: name, role: entry["role"]?.scalarText ?? "user", headers: headers, login: login)
    if let certificate = entry["certificate"] {
      guard let file = certificate["certificate"]?.string, let key = certificate["key"]?.string
      else { throw .identities("the certificate of \(name) needs 'certificate' and 'key'") }
      result.certificate = (file, key)
    }
    return result
  }

  private static func login(
    _ given: JSONValue, _ name: String
  ) throws(ScanError) -> Identity.Login {
    guard let request = given["request"]?.string else {
      throw .identities("the login of \(name) has no 'request', such as POST /login")
    }
    let words = request.split(separator: " ")
    var login = Identity.Login(
      method: words.count > 1 ? words[0].uppercased() : "POST", path: String(words.last ?? "/"),
      body: given["body"] ?? given["form"] ?? [:], token: given["token"]?.string)
    if given["form"] != nil { login.mediaType = "application/x-www-form-urlencoded" }
    login.headers = given["headers"]?.members ?? []
    return login
  }

  /// The grants of RFC 6749 that a program can use by itself: §4.3, §4.4 and §6.
  private static func oauth(
    _ given: JSONValue, _ name: String, _ base: String
  ) throws(ScanError) -> Identity.Login {
    guard var path = given["token"]?.string else {
      throw .identities("the oauth of \(name) has no 'token', the path of the token endpoint")
    }
    if path.hasPrefix(base) { path = String(path.dropFirst(base.count)) }
    guard path.hasPrefix("/") else {
      throw .identities("the token endpoint of \(name) is not below the target")
    }
    var body: [JSONMember] = []
    func take(_ key: String, as parameter: String) {
      if let value = given[key]?.scalarText { body.append(JSONMember(parameter, .string(value))) }
    }
    let grant =
      given["grant"]?.string ?? (given["username"] != nil ? "password" : "client_credentials")
    body.append(JSONMember("grant_type", .string(grant.replacing("-", with: "_"))))
    take("username", as: "username")
    take("password", as: "password")
    take("refresh-token", as: "refresh_token")
    take("scope", as: "scope")
    var login: Identity.Login
    if let client = given["client"]?.scalarText, let secret = given["secret"]?.scalarText,
      given["in"]?.string != "body"
    {
      login = Identity.Login(
        method: "POST", path: path, body: .object(body), token: "access_token")
      let pair = URLText.encode(client) + ":" + URLText.encode(secret)
      login.headers = [
        JSONMember("Authorization", .string("Basic " + Base64.encode(pair.utf8.span, .standard)))
      ]
    } else {
      take("client", as: "client_id")
      take("secret", as: "client_secret")
      login = Identity.Login(
        method: "POST", path: path, body: .object(body), token: "access_token")
    }
    login.mediaType = "application/x-www-form-urlencoded"
    return login
  }
}
