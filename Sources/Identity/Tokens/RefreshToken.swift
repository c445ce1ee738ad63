import Formats

/// A refresh token: the handle of its grant, and the secret that is good once.
struct RefreshToken {
  let handle: String
  let secret: String

  /// By which scanners for leaked secrets find one.
  private static let prefix = "ghrt_"
  /// Letters of 256 bits in base64url.
  private static let digits = 43

  init(handle: String, secret: String) {
    self.handle = handle
    self.secret = secret
  }

  /// Reads a token; nil for anything else.
  init?(_ text: String) {
    guard text.hasPrefix(RefreshToken.prefix) else { return nil }
    let parts = text.dropFirst(RefreshToken.prefix.utf8.count)
      .split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({
        $0.utf8.count == RefreshToken.digits && Base64.decode($0.utf8.span) != nil
      })
    else { return nil }
    handle = String(parts[0])
    secret = String(parts[1])
  }

  var text: String { "\(RefreshToken.prefix)\(handle).\(secret)" }
}
