import Base

/// How a `Resolver` looks names up; by default as the system's own files say.
public struct ResolverConfiguration: Sendable {
  /// Where the name servers and the search list come from.
  public enum Servers: Sendable {
    /// A file as of resolv.conf(5), read again for every look-up.
    case file(String)
    /// These servers, tried in turn, and these domains behind names without a dot.
    case fixed([ResolverServer], search: [String] = [])
  }

  /// Whom to ask.
  public var servers: Servers
  /// The file of names that come before DNS, as of hosts(5), read again for every look-up; nil to
  /// use none.
  public var hostsPath: String?
  /// The family that is tried first.
  public var firstFamily: HostAddress.Family
  /// The time for a whole look-up, in milliseconds.
  public var lookupMilliseconds: Int
  /// The time until the next server is asked, or the same again, in milliseconds.
  public var attemptMilliseconds: Int
  /// How long to wait for the second family when the first has answered, in milliseconds: longer
  /// than the 50 of RFC 8305 §3, since here an answer serves many connections.
  public var secondFamilyMilliseconds: Int

  public init(
    servers: Servers = .file("/etc/resolv.conf"), hostsPath: String? = "/etc/hosts",
    firstFamily: HostAddress.Family = .v6, lookupMilliseconds: Int = 5000,
    attemptMilliseconds: Int = 1500, secondFamilyMilliseconds: Int = 500
  ) {
    self.servers = servers
    self.hostsPath = hostsPath
    self.firstFamily = firstFamily
    self.lookupMilliseconds = lookupMilliseconds
    self.attemptMilliseconds = attemptMilliseconds
    self.secondFamilyMilliseconds = secondFamilyMilliseconds
  }

  /// The servers and the search list as they are now.
  func directory() -> ResolverDirectory {
    switch servers {
    case .fixed(let servers, let search):
      return ResolverDirectory(servers: servers, search: search)
    case .file(let path):
      let text = ResolverFile.read(path, countMax: ResolverLimits.configurationBytesMax)
      return ResolverDirectory(text: text ?? [])
    }
  }

  /// The addresses that the hosts file has for `name`.
  func hosts(_ name: String) -> [IPAddress] {
    guard let hostsPath,
      let text = ResolverFile.read(hostsPath, countMax: ResolverLimits.hostsFileBytesMax)
    else { return [] }
    return ResolverFile.hosts(text, named: name)
  }
}
