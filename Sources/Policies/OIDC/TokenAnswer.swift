import Formats
import PolicyKit

/// What a token endpoint answers (RFC 6749 §5).
struct TokenAnswer: Sendable {
  static let bytesMax = 64 * 1024

  let identityToken: String?
  let accessToken: String
  var refreshToken: String?
  /// For how long the access token holds; nil if it does not say.
  let lifetimeSeconds: Int?

  /// Reads an answer; nil for a refusal, and for what is no answer.
  init?(_ response: NeedResponse) {
    guard response.status == 200, let root = try? JSONIndex(response.body).root,
      let accessToken = root["access_token"]?.string,
      root["token_type"]?.string?.lowercased() == "bearer"
    else { return nil }
    self.accessToken = accessToken
    identityToken = root["id_token"]?.string
    refreshToken = root["refresh_token"]?.string
    lifetimeSeconds = root["expires_in"]?.integer.flatMap {
      (1...31_536_000).contains($0) ? Int($0) : nil
    }
  }
}
