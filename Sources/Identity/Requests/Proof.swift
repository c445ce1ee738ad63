import Blueprint
import Crypto
import Formats
import HTTP
import JOSE

/// Proofs that a client has a key (DPoP, RFC 9449 §4).
enum Proof {
  /// By how much clocks may differ, in seconds.
  private static let leewaySeconds = 30

  /// The thumbprint of the key in the request's proof; nil if there is no proof.
  static func thumbprint(_ call: IdentityCall) throws(OAuthError) -> String? {
    let given = call.request.fields.filter { $0.name == "dpop" }
    guard !given.isEmpty else { return nil }
    guard given.count == 1 else {
      throw OAuthError("invalid_dpop_proof", "there is more than one DPoP proof")
    }
    do throws(TokenRefusal) {
      let digest = try ProofReader(leewaySeconds: leewaySeconds).inspect(
        given[0].value.utf8.span, method: Array(call.request.method.utf8),
        origin: call.settings.issuer.origin, path: Array(call.request.path.utf8),
        nowUnixMilliseconds: UInt64(clamping: call.now))
      return Base64.encode(digest.bytes.span)
    } catch {
      var refusal = OAuthError("invalid_dpop_proof", "the DPoP proof is not valid")
      refusal.reason = "\(error)"
      throw refusal
    }
  }

  /// Whether the request proves to have the key that a token is bound to.
  static func holds(_ thumbprint: String, token: String, _ call: IdentityCall) -> Bool {
    let given = call.request.fields.filter { $0.name == "dpop" }
    guard given.count == 1, let bytes = Base64.decode(thumbprint.utf8.span),
      let digest = Digest256(bytes: bytes.span)
    else { return false }
    let request = ProofRequest(
      method: Array(call.request.method.utf8), origin: call.settings.issuer.origin,
      path: Array(call.request.path.utf8),
      tokenDigest: SHA256Hasher().hash(token.utf8.span))
    let finding = try? ProofReader(leewaySeconds: leewaySeconds).verify(
      given[0].value.utf8.span, for: request, thumbprint: digest, known: nil,
      nowUnixMilliseconds: UInt64(clamping: call.now))
    return finding != nil
  }
}
