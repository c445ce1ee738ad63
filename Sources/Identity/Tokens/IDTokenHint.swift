import Blueprint
import Formats
import JOSE

/// An ID token of ours that comes back as a hint of who is meant (OpenID Connect Core 1.0
/// §3.1.2.1).
///
/// It may have expired; what counts is that it was ours, and for whom.
struct IDTokenHint {
  let subject: String
  let client: String
  let session: String?

  /// Reads a hint; nil unless it was signed here and names us, a user and a client.
  init?(_ token: String, _ context: IdentityContext, _ settings: IdentitySettings) {
    let reader = SignatureReader(keys: context.keys.verification, bytesMax: 8 * 1024)
    guard let message = try? reader.verify(compact: token.utf8.span),
      message.type?.lowercased() == "jwt",
      let claims = try? JSONValue(parsing: message.payload),
      claims["iss"]?.string == settings.issuer.text, let subject = claims["sub"]?.string,
      let client = claims["aud"]?.string, claims["at_hash"]?.string != nil
    else { return nil }
    self.subject = subject
    self.client = client
    session = claims["sid"]?.string
  }
}
