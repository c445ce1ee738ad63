import Base
import Formats

/// E-mail about findings.
extension BlueprintReader {
  func mailTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let server = settings.text("mail") else { return nil }
    let (user, password) = (settings.text("user"), settings.text("password"))
    let from = settings.requiredText("from")
    let to = settings.texts("to") ?? []
    for text in to where !BlueprintReader.isMailbox(text.string) {
      settings.refuse(text, "to", expected: "addresses of e-mail")
    }
    if let from, !BlueprintReader.isMailbox(from.string) {
      settings.refuse(from, "from", expected: "an address of e-mail")
    }
    if to.isEmpty || to.count > 100 {
      settings.error(
        "'to' names nobody, or too many", expected: "1 to 100 addresses of e-mail",
        at: settings.position)
    }
    guard let (host, port, isSecure) = BlueprintReader.mailServer(server.string) else {
      settings.refuse(server, "mail", expected: "smtp://HOST:PORT or smtps://HOST:PORT")
      return nil
    }
    if (user == nil) != (password == nil) || (user != nil && !isSecure) {
      settings.error(
        "'user' and 'password' go together, and by smtps:// alone",
        expected: "both, and TLS", at: settings.position)
    }
    return .mail(
      host: Text(host, at: server.position, isSecret: server.isSecret), port: port,
      isSecure: isSecure, from: from?.string ?? "", to: to.map(\.string), user: user,
      password: password)
  }

  private static func mailServer(_ text: String) -> (String, UInt16, Bool)? {
    let lowered = text.lowercased()
    let isSecure = lowered.hasPrefix("smtps://")
    guard isSecure || lowered.hasPrefix("smtp://") else { return nil }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]),
      port > 0, colon > rest.startIndex
    else { return nil }
    let host = String(rest[..<colon])
    guard IPAddress(host) != nil || HostName.isValid(host[...]) else { return nil }
    return (host, port, isSecure)
  }

  /// What can stand in a command of SMTP as it is: nothing that would end it (RFC 5321 §4.1.2).
  static func isMailbox(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count) else {
      return false
    }
    let isLocal = parts[0].utf8.allSatisfy {
      ASCII.isAlpha($0) || ASCII.isDigit($0) || "!#$%&'*+/=?^_`{|}~.-".utf8.contains($0)
    }
    return isLocal && HostName.isValid(parts[1])
  }
}
