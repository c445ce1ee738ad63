import Base

/// Which name servers to ask, and which domains to try behind a short name: resolv.conf(5).
struct ResolverDirectory: Hashable, Sendable {
  var servers: [ResolverServer] = []
  var search: [String] = []
  /// With as many dots, a name is tried as it is before the search list.
  var dotsMin = 1

  init(servers: [ResolverServer], search: [String]) {
    self.servers = Array(servers.prefix(ResolverLimits.serversMax))
    self.search = ResolverDirectory.domains(search)
  }

  /// Reads the text of such a file. Lines that are not understood are skipped, as every reader of
  /// this file does; without a server, it is the one of this machine.
  init(text: [UInt8]) {
    for words in ResolverFile.lines(text, comments: "#;") {
      guard let key = words.first, words.count > 1 else { continue }
      switch key {
      case "nameserver":
        guard servers.count < ResolverLimits.serversMax, let address = IPAddress(words[1]) else {
          continue
        }
        servers.append(ResolverServer(address: address))
      case "domain", "search":
        search = ResolverDirectory.domains(words.dropFirst())
      case "options":
        for word in words.dropFirst() where word.hasPrefix("ndots:") {
          if let dots = Int(word.dropFirst(6)) { dotsMin = min(max(dots, 0), 15) }
        }
      default: continue
      }
    }
    if servers.isEmpty { servers = [ResolverServer(address: IPAddress(v4: 0x7F00_0001))] }
  }

  /// The absolute names to ask for, in this order, to find `host`.
  func candidates(for host: HostAddress) -> [String] {
    if host.isAbsolute { return [host.text] }
    let dots = host.text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: ".") ? 1 : 0) }
    let longer = search.map { host.text + "." + $0 }
      .filter { $0.utf8.count <= HostAddress.countMax }
    return dots >= dotsMin ? [host.text] + longer : longer + [host.text]
  }

  private static func domains(_ words: some Sequence<String>) -> [String] {
    let names = words.compactMap { HostAddress($0) }.filter { $0.literal == nil }
    return names.prefix(ResolverLimits.searchMax).map(\.text)
  }
}
