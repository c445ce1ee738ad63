/// Which types of token are taken, by the header's `typ` (RFC 8725 §3.11).
public enum TokenTypeRule: Hashable, Sendable {
  /// None, `JWT` or `at+jwt`: what issuers put into access tokens.
  case accessOrUnsaid
  /// `at+jwt` alone (RFC 9068 §4).
  case access
  /// None or `JWT`, as ID tokens have it.
  case identity
  /// None, `JWT` or `logout+jwt` (OpenID Connect Back-Channel Logout 1.0 §2.4).
  case logout
  /// This type alone, such as `dpop+jwt`; in lower case, without `application/`.
  case exactly(String)

  /// Whether a token of that `typ` is taken. Media types have no case, and may leave
  /// `application/` out (RFC 7515 §4.1.9).
  func allows(_ type: String?) -> Bool {
    guard let type else { return [.accessOrUnsaid, .identity, .logout].contains(self) }
    let name = TokenTypeRule.short(type)
    switch self {
    case .accessOrUnsaid: return name == "jwt" || name == "at+jwt"
    case .access: return name == "at+jwt"
    case .identity: return name == "jwt"
    case .logout: return name == "jwt" || name == "logout+jwt"
    case .exactly(let wanted): return name == wanted
    }
  }

  /// Whether a token says of itself that it is an access token.
  static func isAccess(_ type: String?) -> Bool { type.map(short) == "at+jwt" }

  private static func short(_ type: String) -> String {
    let name = type.lowercased()
    return name.hasPrefix("application/") ? String(name.dropFirst(12)) : name
  }
}
