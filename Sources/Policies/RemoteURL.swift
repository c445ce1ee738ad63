import Base
import Formats

/// Addresses that the gateway itself asks: `https`, or `http` on this machine.
///
/// Whoever can change answers on their way could let in whom they like, so clear text does not
/// leave the machine.
enum RemoteURL {
  /// The URL under `key`, which has to be there; what is none is reported.
  static func required(_ key: String, _ settings: inout Settings) -> String? {
    settings.requiredText(key).flatMap { checked($0, key, settings) }
  }

  /// A URL as it stands, if it may be asked; what may not is reported.
  static func checked(_ text: Text, _ key: String, _ settings: Settings) -> String? {
    if isAllowed(text.string) { return text.string }
    settings.refuse(text, key, expected: "an https URL, or http to this machine")
    return nil
  }

  /// Whether a URL may be asked.
  static func isAllowed(_ url: String) -> Bool {
    let isSecure = url.hasPrefix("https://")
    guard isSecure || url.hasPrefix("http://"),
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
    else { return false }
    let authority = url.dropFirst(isSecure ? 8 : 7).prefix { $0 != "/" && $0 != "?" }
    if authority.isEmpty || authority.contains("@") { return false }
    return isSecure
      || ["127.0.0.1", "localhost", "[::1]"].contains { name in
        authority == name || authority.hasPrefix(name + ":")
      }
  }
}
