import Base

/// `redis://host:port/database`, or `rediss` for TLS. Who the gateway is stands beside it, so that
/// no password is in a URL.
struct CounterURL {
  private(set) var host: String
  let address: IPAddress?
  private(set) var port: UInt16 = 6379
  private(set) var database = 0
  let isSecure: Bool

  init?(_ url: String) {
    var rest: Substring
    if url.hasPrefix("redis://") {
      (isSecure, rest) = (false, url.dropFirst(8))
    } else if url.hasPrefix("rediss://") {
      (isSecure, rest) = (true, url.dropFirst(9))
    } else {
      return nil
    }
    if let slash = rest.firstIndex(of: "/") {
      let number = rest[rest.index(after: slash)...]
      rest = rest[..<slash]
      if !number.isEmpty {
        guard number.utf8.count <= 5, number.utf8.allSatisfy(ASCII.isDigit),
          let read = Int(number)
        else { return nil }
        database = read
      }
    }
    let name: Substring
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      name = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      guard name.contains(":") else { return nil }
    } else {
      name = rest.prefix { $0 != ":" }
      rest = rest.dropFirst(name.count)
    }
    if !rest.isEmpty {
      guard rest.hasPrefix(":"), let read = Digits.port(rest.dropFirst()), read > 0 else {
        return nil
      }
      port = read
    }
    let text = String(name)
    address = IPAddress(text)
    guard address != nil || HostName.isValid(name) else { return nil }
    host = address?.description ?? text.lowercased()
  }
}
