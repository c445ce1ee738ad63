import Blueprint
import Formats
import HTTP
import JOSE

extension TokenAsk {
  /// The thumbprint of the key that the client proves to have (RFC 9449 §5); nil if it shows none.
  /// Throws if the proof is wrong, is of another key than `expected`, or is missing where there has
  /// to be one.
  func proofThumbprint(expecting expected: String? = nil) throws(OAuthError) -> String? {
    let shown = try Proof.thumbprint(call)
    if shown == nil, client.blueprint.mustBind || expected != nil {
      throw OAuthError("invalid_dpop_proof", "a DPoP proof is missing")
    }
    guard expected == nil || shown == expected else {
      throw .invalidGrant("the proof is of another key than the grant's")
    }
    return shown
  }
}
