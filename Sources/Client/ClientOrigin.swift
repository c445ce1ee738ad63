import Base
package import Runtime

/// Where requests go: a scheme, a host and a port (RFC 6454 §4).
package struct ClientOrigin: Hashable, Sendable, CustomStringConvertible {
  /// Whether TLS is spoken.
  package let isSecure: Bool
  /// The host, in canonical form.
  package let host: HostAddress
  /// The port, never 0.
  package let port: UInt16

  package init(isSecure: Bool, host: HostAddress, port: UInt16) {
    precondition(port > 0, "port 0 is nobody's")
    self.isSecure = isSecure
    self.host = host
    self.port = port
  }

  /// Splits an absolute `http` or `https` URL (RFC 9110 §4.2) into origin and the rest, which
  /// begins with `/` and holds no fragment. Nil for other schemes, user information, and what is
  /// no host.
  package static func split(_ url: String) -> (origin: ClientOrigin, target: String)? {
    let lowered = url.lowercased()
    let isSecure = lowered.hasPrefix("https://")
    guard isSecure || lowered.hasPrefix("http://") else { return nil }
    let rest = url.dropFirst(isSecure ? 8 : 7)
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    guard let (host, port) = authority(rest[..<end], standard: isSecure ? 443 : 80) else {
      return nil
    }
    let target = rest[end...].prefix { $0 != "#" }
    let origin = ClientOrigin(isSecure: isSecure, host: host, port: port)
    return (origin, target.hasPrefix("/") ? String(target) : "/" + target)
  }

  private static func authority(
    _ text: Substring, standard: UInt16
  ) -> (HostAddress, UInt16)? {
    if text.contains("@") { return nil }
    var hostText = text
    var port = standard
    let afterBracket = text.lastIndex(of: "]") ?? text.startIndex
    if let colon = text[afterBracket...].lastIndex(of: ":") {
      hostText = text[..<colon]
      let digits = text[text.index(after: colon)...]
      guard digits.utf8.allSatisfy(ASCII.isDigit), let number = UInt16(digits), number > 0 else {
        return nil
      }
      port = number
    }
    guard let host = HostAddress(String(hostText)) else { return nil }
    return (host, port)
  }

  /// `host`, or `host:port` if the port is not the scheme's own, as a `Host` field has it.
  package var authority: String {
    let name = host.text.contains(":") ? "[\(host.text)]" : host.text
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  package var description: String { (isSecure ? "https://" : "http://") + authority }
}
