import Blueprint
import Crypto
import Formats
import HTTP
import Storage

/// A request for tokens of a client that is known, and what all grants need of it.
struct TokenAsk: Sendable {
  let context: IdentityContext
  let call: IdentityCall
  let form: Parameters
  let client: OAuthClient

  var maker: TokenMaker { TokenMaker(context: context, call: call) }

  /// The user of a grant, as he is now; whoever was disabled gets nothing more.
  func user(_ subject: String) throws -> User {
    guard let user = try context.users.find(subject: subject, call.settings) else {
      throw OAuthError.invalidGrant("the user \(subject) is disabled or gone")
    }
    return user
  }

  /// When a grant ends if nobody refreshes, in milliseconds since 1970.
  func expiry(of grant: Grant, accessMilliseconds: Int) -> Int {
    let idle = grant.secret == nil ? accessMilliseconds : call.settings.lifetimes.refreshToken
    return call.now + max(idle, accessMilliseconds)
  }

  /// The answer with an access token and what goes with it (RFC 6749 §5.1).
  func answer(
    _ made: TokenMaker.Made, isBound: Bool, refresh: RefreshToken? = nil, idToken: String? = nil,
    more: [JSONMember] = []
  ) -> ServiceResponse {
    var members = [
      JSONMember("access_token", .string(made.token)),
      JSONMember("token_type", isBound ? "DPoP" : "Bearer"),
      JSONMember("expires_in", .integer(made.expiresInSeconds)),
      JSONMember("scope", .string(made.scopes.joined(separator: " "))),
    ]
    if let refresh { members.append(JSONMember("refresh_token", .string(refresh.text))) }
    if let idToken { members.append(JSONMember("id_token", .string(idToken))) }
    return Replies.json(200, .object(members + more))
  }

  /// The refresh token with this handle and a new secret, with the hash of it.
  func refresh(handle: String) throws(OAuthError) -> (token: RefreshToken, hash: Digest256) {
    let secret = try context.secret()
    return (RefreshToken(handle: handle, secret: secret), context.hash(secret))
  }
}
