/// One kind of caller: whom the API takes it for, and how it proves that.
package struct Identity: Hashable, Sendable {
  package let name: String
  /// What it is called in the API: `user`, `admin`.
  package let role: String
  /// Fields that go with each of its requests.
  package var headers: [JSONMember]
  /// The request that gets it a token; nil if its fields do without.
  package var login: Login?

  package init(name: String, role: String, headers: [JSONMember], login: Login?) {
    self.name = name
    self.role = role
    self.headers = headers
    self.login = login
  }

  /// Whether it is meant to have more rights than the others.
  var isAdministrator: Bool {
    let words = (role + " " + name).lowercased()
    return ["admin", "root", "superuser", "staff", "manager"].contains { words.contains($0) }
  }

  /// A login: a request, and where in its answer the token is.
  package struct Login: Hashable, Sendable {
    package let method: String
    package let path: String
    package let body: JSONValue
    /// The member that holds the token; nil to find it.
    package let token: String?
  }

  /// Reads the file of identities: a list below `identities`, or by itself.
  static func read(_ root: JSONValue) -> [Identity] {
    let list = root["identities"]?.elements ?? root.elements
    return list.compactMap { entry in
      guard let name = entry["name"]?.scalarText else { return nil }
      let headers = entry["headers"]?.members.filter { $0.value.scalarText != nil } ?? []
      var login: Login?
      if let given = entry["login"], let request = given["request"]?.string {
        let words = request.split(separator: " ")
        login = Login(
          method: words.count > 1 ? words[0].uppercased() : "POST", path: String(words.last ?? "/"),
          body: given["body"] ?? [:], token: given["token"]?.string)
      }
      return Identity(
        name: name, role: entry["role"]?.string ?? "user", headers: headers, login: login)
    }
  }
}
