import Base
import Formats
import PolicyKit

/// Where and how a directory is asked.
struct LDAPSettings: Sendable {
  private static let user = "{user}"

  private let url: String
  private let security: DirectoryQuestion.Security
  private let authorityPath: String?
  private let entry: String?
  private let search: DirectoryQuestion.Search?
  private let service: (name: String, password: String)?
  private let groups: (search: DirectoryQuestion.Search, attribute: String)?
  private let milliseconds: Int

  init(_ settings: inout Settings, at site: PolicySite, milliseconds: Int) {
    self.milliseconds = milliseconds
    (url, security) = LDAPSettings.address(&settings)
    authorityPath = settings.path("authority").map { path in
      if case .failed(let reason) = site.files.read(path.string, bytesMax: 1024 * 1024) {
        settings.error("\(path.shown) \(reason)", at: path.position)
      }
      return site.files.path(path.string)
    }
    let entry = settings.text("entry")
    let base = settings.text("base")
    let filter = settings.text("filter")
    if (entry == nil) == (base == nil) {
      settings.error(
        entry == nil ? "nothing says where callers are" : "callers are in two places",
        expected: "one of entry and base", at: settings.position)
    }
    for (text, key) in [(entry, "entry"), (filter, "filter")] {
      if let text, !text.string.contains(LDAPSettings.user) {
        settings.refuse(text, key, expected: "a text with {user} in it")
      }
    }
    self.entry = entry?.string
    search = base.map {
      DirectoryQuestion.Search(base: $0.string, filter: filter?.string ?? "(uid={user})")
    }
    let name = settings.string("service")
    let password = settings.string("service-password")
    if (name == nil) != (password == nil) || password == "" {
      settings.error(
        "'service' and 'service-password' go together", expected: "both", at: settings.position)
    }
    service = name.flatMap { name in password.map { (name, $0) } }
    let groupFilter = settings.string("groups-filter") ?? "(member={dn})"
    let attribute = settings.string("groups-attribute") ?? "cn"
    groups = settings.string("groups-base").map {
      (DirectoryQuestion.Search(base: $0, filter: groupFilter), attribute)
    }
  }

  /// The URL, and how the connection is secured: in clear text on this machine alone.
  private static func address(
    _ settings: inout Settings
  ) -> (String, DirectoryQuestion.Security) {
    let startsTLS = settings.boolean("start-tls")
    guard let text = settings.requiredText("url") else { return ("", .implicit) }
    let isImplicit = text.string.hasPrefix("ldaps://")
    let rest = text.string.dropFirst(isImplicit ? 8 : 7)
    let isPlain = text.string.hasPrefix("ldap://")
    guard isImplicit || isPlain, !rest.isEmpty,
      rest.utf8.allSatisfy({
        ASCII.isAlpha($0) || ASCII.isDigit($0) || "-.:[]".utf8.contains($0)
      })
    else {
      settings.refuse(text, "url", expected: "ldaps://host or ldap://host, perhaps with a port")
      return ("", .implicit)
    }
    if isImplicit {
      if startsTLS == true {
        settings.error("'start-tls' with ldaps://", expected: "one of them", at: "start-tls")
      }
      return (text.string, .implicit)
    }
    if startsTLS ?? true { return (text.string, .startTLS) }
    let isLocal = ["127.0.0.1", "localhost", "[::1]"].contains { name in
      rest == name || rest.hasPrefix(name + ":")
    }
    if !isLocal {
      settings.error(
        "passwords would go over the network in clear text", expected: "TLS", at: "start-tls")
    }
    return (text.string, .none)
  }

  /// What the directory is asked about somebody.
  func question(_ name: String, _ password: String) -> DirectoryQuestion {
    DirectoryQuestion(
      url: url, security: security, authorityPath: authorityPath,
      entry: entry?.replacing(
        LDAPSettings.user, with: DirectoryFilter.escape(inName: name)),
      search: search.map {
        DirectoryQuestion.Search(
          base: $0.base,
          filter: $0.filter.replacing(LDAPSettings.user, with: DirectoryFilter.escape(name)))
      },
      service: service, password: password, groups: groups, milliseconds: milliseconds)
  }
}
