import Blueprint
import Crypto
import Formats
import JOSE

/// Makes access tokens (RFC 9068) and ID tokens (OpenID Connect Core 1.0 §2).
struct TokenMaker {
  let context: IdentityContext
  let call: IdentityCall

  /// An access token with what goes beside it in an answer.
  struct Made {
    let token: String
    let identifier: String
    let scopes: [String]
    let expiresInSeconds: Int
  }

  private var nowSeconds: Int { call.now / 1000 }

  /// An access token of a grant.
  func accessToken(
    _ grant: Grant, _ user: User, _ target: IdentitySettings.Target, thumbprint: String?
  ) throws -> Made {
    var claims = try shared(target, client: grant.client, subject: grant.subject)
    claims.append(JSONMember("auth_time", .integer(grant.authenticatedAt / 1000)))
    claims.append(JSONMember("acr", .string(grant.contextClass)))
    claims.append(JSONMember("amr", TokenMaker.texts(grant.methods)))
    claims.append(JSONMember("sid", .string(grant.publicID)))
    let access = try context.users.access(of: user)
    claims += TokenMaker.access(roles: access.roles, groups: access.groups)
    if let thumbprint {
      claims.append(JSONMember("cnf", .object([JSONMember("jkt", .string(thumbprint))])))
    }
    return try made(claims, target)
  }

  /// An access token of a client's own (RFC 6749 §4.4).
  func accessToken(
    of client: OAuthClient, _ target: IdentitySettings.Target, thumbprint: String? = nil
  ) throws -> Made {
    // RFC 9068 §2.2: the subject of a client that acts for itself is the client.
    var claims = try shared(target, client: client.id, subject: client.id)
    claims += TokenMaker.access(roles: client.blueprint.roles, groups: [])
    if let thumbprint {
      claims.append(JSONMember("cnf", .object([JSONMember("jkt", .string(thumbprint))])))
    }
    return try made(claims, target)
  }

  /// An access token for what another was for, with the client that acts for its user (RFC 8693
  /// §4.1); it ends no later, and is revoked with it.
  func accessToken(
    exchanging claims: JSONValue, for client: OAuthClient, _ target: IdentitySettings.Target,
    thumbprint: String?
  ) throws -> Made {
    let left = (claims["exp"]?.integer ?? 0) - nowSeconds
    let bounded = IdentitySettings.Target(
      audiences: target.audiences, scopes: target.scopes,
      milliseconds: min(target.milliseconds, left * 1000))
    var members = try shared(
      bounded, client: client.id, subject: claims["sub"]?.string ?? "")
    for name in ["auth_time", "acr", "amr", "sid", "roles", "groups"] {
      if let value = claims[name] { members.append(JSONMember(name, value)) }
    }
    var actor = [JSONMember("sub", .string(client.id))]
    if let before = claims["act"] { actor.append(JSONMember("act", before)) }
    members.append(JSONMember("act", .object(actor)))
    if let thumbprint {
      members.append(JSONMember("cnf", .object([JSONMember("jkt", .string(thumbprint))])))
    }
    return try made(members, bounded)
  }

  private func shared(
    _ target: IdentitySettings.Target, client: String, subject: String
  ) throws(OAuthError) -> [JSONMember] {
    [
      JSONMember("iss", .string(call.settings.issuer.text)),
      JSONMember("sub", .string(subject)), JSONMember("aud", TokenMaker.one(target.audiences)),
      JSONMember("client_id", .string(client)),
      JSONMember("exp", .integer(nowSeconds + target.milliseconds / 1000)),
      JSONMember("iat", .integer(nowSeconds)),
      JSONMember("jti", .string(try identifier())),
      JSONMember("scope", .string(target.scopes.joined(separator: " "))),
    ]
  }

  private func identifier() throws(OAuthError) -> String {
    guard let bytes = try? SecureRandom.bytes(16) else { throw .serverError("no random bytes") }
    return Base64.encode(bytes.span)
  }

  private func made(_ claims: [JSONMember], _ target: IdentitySettings.Target) throws -> Made {
    let value = JSONValue.object(claims)
    let writer = try context.keys.writer(.es256, at: call.now)
    return Made(
      token: try writer.sign(Array(value.serialized.utf8), type: "at+jwt"),
      identifier: value["jti"]?.string ?? "", scopes: target.scopes,
      expiresInSeconds: target.milliseconds / 1000)
  }

  /// An ID token for a client.
  func idToken(
    _ grant: Grant, _ user: User, client: OAuthClient, nonce: String?, accessToken: String
  ) throws -> String {
    var claims = [
      JSONMember("iss", .string(call.settings.issuer.text)),
      JSONMember("sub", .string(grant.subject)), JSONMember("aud", .string(client.id)),
      JSONMember("exp", .integer(nowSeconds + call.settings.lifetimes.idToken / 1000)),
      JSONMember("iat", .integer(nowSeconds)),
      JSONMember("auth_time", .integer(grant.authenticatedAt / 1000)),
      JSONMember("acr", .string(grant.contextClass)),
      JSONMember("amr", TokenMaker.texts(grant.methods)),
      JSONMember("at_hash", .string(TokenMaker.halfHash(accessToken))),
    ]
    if let session = grant.session { claims.append(JSONMember("sid", .string(session))) }
    if let nonce { claims.append(JSONMember("nonce", .string(nonce))) }
    claims += user.claims(named: grant.idTokenClaims)
    let algorithm: SignatureAlgorithm =
      client.blueprint.idTokenAlgorithm == "ES256" ? .es256 : .rs256
    let writer = try context.keys.writer(algorithm, at: call.now)
    return try writer.sign(Array(JSONValue.object(claims).serialized.utf8), type: "JWT")
  }

  /// The left half of the hash of a token; both algorithms hash by SHA-256 (OpenID Connect Core 1.0
  /// §3.1.3.6).
  static func halfHash(_ token: String) -> String {
    let half = Array(SHA256Hasher().hash(token.utf8.span).bytes.prefix(16))
    return Base64.encode(half.span)
  }

  /// RFC 9068 §2.2.3.1.
  private static func access(roles: [String], groups: [String]) -> [JSONMember] {
    (roles.isEmpty ? [] : [JSONMember("roles", texts(roles))])
      + (groups.isEmpty ? [] : [JSONMember("groups", texts(groups))])
  }

  static func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }

  private static func one(_ list: [String]) -> JSONValue {
    list.count == 1 ? .string(list[0]) : texts(list)
  }
}
