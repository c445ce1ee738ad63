package import Client

/// One kind of caller: whom the API takes it for, and how it proves that.
package struct Identity: Sendable {
  package let name: String
  /// What it is called in the API: `user`, `admin`.
  package let role: String
  /// Fields that go with each of its requests.
  package var headers: [JSONMember]
  /// Those of them that no login brings.
  package let fixedHeaders: [JSONMember]
  /// The request that gets it a token; nil if its fields do without.
  package var login: Login?
  /// The client that shows its certificate; nil if it has none.
  package var client: Client?
  /// The files of its certificate and key, as they were given.
  package var certificate: (certificate: String, key: String)?
  /// Whether the scan made it for itself.
  var isTemporary = false

  package init(name: String, role: String, headers: [JSONMember], login: Login?) {
    self.name = name
    self.role = role
    self.headers = headers
    fixedHeaders = headers
    self.login = login
  }

  /// Whether it is meant to have more rights than the others.
  var isAdministrator: Bool {
    let words = (role + " " + name).lowercased()
    return ["admin", "root", "superuser", "staff", "manager", "chef", "owner", "operator"]
      .contains { words.contains($0) } && !isTemporary
  }

  /// A login: a request, and where in its answer the token is.
  package struct Login: Sendable {
    package let method: String
    package let path: String
    package let body: JSONValue
    /// The member that holds the token; nil to find it.
    package let token: String?
    /// How the content is written; nil for as the description says, or JSON.
    var mediaType: String?
    var headers: [JSONMember] = []

    package init(method: String, path: String, body: JSONValue, token: String?) {
      self.method = method
      self.path = path
      self.body = body
      self.token = token
    }
  }
}
