/// What a directory is asked about somebody who has given a name and a password (RFC 4511).
///
/// All text that comes from a request has been escaped for the place where it stands.
public struct DirectoryQuestion: Sendable {
  /// How entries are looked for.
  public struct Search: Sendable {
    /// Below which entry.
    public let base: String
    /// A filter (RFC 4515); `{dn}` in one for groups stands for the caller's entry, escaped.
    public let filter: String

    /// Entries below `base` that the filter takes.
    public init(base: String, filter: String) {
      self.base = base
      self.filter = filter
    }
  }

  /// How the connection is secured.
  public enum Security: Hashable, Sendable { case implicit, startTLS, none }

  /// `ldap://host:port` or `ldaps://host:port`.
  public let url: String
  /// How the connection is secured.
  public let security: Security
  /// The file of authorities that the server's certificate is from; nil for those of the system.
  public let authorityPath: String?
  /// The caller's entry, where its name follows from the caller's; else it is searched.
  public let entry: String?
  /// How it is searched.
  public let search: Search?
  /// As whom entries are searched; nil for nobody.
  public let service: (name: String, password: String)?
  /// What the caller has given, not empty.
  public let password: String
  /// Where the caller's groups are, and which attribute names them; nil for none.
  public let groups: (search: Search, attribute: String)?
  /// How long the server may take for all of it.
  public let milliseconds: Int

  /// A question to the server at `url`.
  public init(
    url: String, security: Security, authorityPath: String?, entry: String?, search: Search?,
    service: (name: String, password: String)?, password: String,
    groups: (search: Search, attribute: String)?, milliseconds: Int
  ) {
    self.url = url
    self.security = security
    self.authorityPath = authorityPath
    self.entry = entry
    self.search = search
    self.service = service
    self.password = password
    self.groups = groups
    self.milliseconds = milliseconds
  }
}
