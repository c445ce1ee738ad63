import Base

/// A URL that browsers may be sent to with something of worth, checked when it is registered.
///
/// Requests are compared with it byte by byte (RFC 9700 §4.1.3), so that nothing of its grammar
/// matters later; what it may be is decided once, here.
public struct RedirectURI: Hashable, Sendable {
  /// As it is written.
  public let text: String
  /// In lower case.
  public let scheme: String
  /// In lower case, with the brackets of IPv6; empty for a scheme of an application's own.
  public let host: String
  /// Scheme, host and port as written; for a scheme of an application's own, the scheme and a
  /// colon.
  public let origin: String
  /// Whether it has a query.
  public let hasQuery: Bool
  /// Whether its scheme is one of an application's own, such as `com.example.app` (RFC 8252 §7.1).
  public let isPrivateUse: Bool

  /// Longest, in bytes.
  public static let bytesMax = 2048
  /// Schemes that browsers run or read from this machine.
  private static let refused = [
    "javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source",
  ]

  /// Reads an absolute URL without fragment and user; https, http, or a scheme with a dot in it.
  /// Nil for anything else.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.count <= RedirectURI.bytesMax, !text.isEmpty,
      bytes.allSatisfy({
        $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}#*".utf8.contains($0)
      }),
      let colon = text.firstIndex(of: ":")
    else { return nil }
    let scheme = text[..<colon].lowercased()
    guard let first = scheme.utf8.first, ASCII.isAlpha(first),
      scheme.utf8.allSatisfy({
        ASCII.isAlpha($0) || ASCII.isDigit($0) || "+-.".utf8.contains($0)
      }),
      !RedirectURI.refused.contains(scheme)
    else { return nil }
    self.text = text
    self.scheme = scheme
    hasQuery = text.contains("?")
    if scheme != "https", scheme != "http" {
      guard scheme.contains("."), text.utf8.count > scheme.utf8.count + 1 else { return nil }
      (host, origin, isPrivateUse) = ("", scheme + ":", true)
      return
    }
    let rest = text[text.index(after: colon)...]
    guard rest.hasPrefix("//") else { return nil }
    let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !authority.contains("@"),
      let host = RedirectURI.host(of: authority)
    else { return nil }
    self.host = host
    origin = "\(scheme)://\(authority.lowercased())"
    isPrivateUse = false
  }

  /// Whether it leads to this machine, by a name or an address of loopback.
  public var isLoopback: Bool {
    host == "localhost" || host == "[::1]"
      || (host.hasPrefix("127.") && IPAddress(host)?.isLoopback == true)
  }

  /// Whether what is sent there is safe on its way: https, this machine, or an application.
  public var isConfidential: Bool { scheme == "https" || isPrivateUse || isLoopback }

  private static func host(of authority: Substring) -> String? {
    var host = authority.lowercased()
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]") else { return nil }
      let port = host[host.index(after: end)...]
      guard isPort(port), IPAddress(String(host[..<end].dropFirst())) != nil else { return nil }
      return String(host[...end])
    }
    if let colon = host.firstIndex(of: ":") {
      guard isPort(host[colon...]) else { return nil }
      host = String(host[..<colon])
    }
    guard IPAddress(host) != nil || HostName.isValid(host[...]) else { return nil }
    return host
  }

  private static func isPort(_ text: Substring) -> Bool {
    if text.isEmpty { return true }
    guard text.hasPrefix(":"), let port = Int(text.dropFirst()) else { return false }
    return (1...65_535).contains(port) && "\(port)".utf8.count == text.utf8.count - 1
  }
}
