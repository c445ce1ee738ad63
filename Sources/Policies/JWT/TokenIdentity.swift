import Base
import Formats
import JOSE
import PolicyKit

/// Who a token is of: what of its claims becomes the caller's name, roles and groups.
struct TokenIdentity: Sendable {
  /// Longest name that is sent on and logged, in bytes.
  static let nameBytesMax = 256

  /// The claim that names the caller.
  let nameClaim: [String]
  /// The claims that hold roles and groups; nil for none.
  let roleClaim: [String]?
  let groupClaim: [String]?
  /// The consumers of whom the caller must be one; nil if it need be none of them.
  let consumers: ConsumerDirectory?
  /// What roles follow from claims and groups.
  let directory: RoleDirectory

  /// The caller, and the key that the token is bound to. Throws if either cannot be had.
  func identity(
    _ token: VerifiedToken, _ live: LiveDirectory?
  ) throws(TokenRefusal) -> KnownIdentity {
    let binding = try TokenBinding(token.claims.root)
    guard let consumers else {
      return KnownIdentity(try anybody(token), binding: binding)
    }
    let claims = token.claims.root
    guard let known = consumers.consumer(named: try name(claims), live: live), !known.isDisabled
    else { throw .subject }
    return KnownIdentity(
      Consumer(
        index: known.index, name: known.name,
        roles: directory.roles(
          of: RoleDirectory.Caller(
            consumer: known.name, roles: known.roles, groups: known.groups, claims: claims)),
        groups: known.groups, isDisabled: false, scopes: token.scopes, claims: token.claims,
        isStored: known.isStored, plan: known.plan),
      binding: binding, stored: known.isStored ? known : nil)
  }

  /// What can be told of a token's caller without a look at the consumers; `renewed` looks.
  func unresolved(_ token: VerifiedToken) throws(TokenRefusal) -> KnownIdentity {
    let anybody = try anybody(token)
    let binding = try TokenBinding(token.claims.root)
    return consumers == nil
      ? KnownIdentity(anybody, binding: binding) : .unresolved(anybody, binding: binding)
  }

  /// The caller of a token that was found right before, as it is now.
  func renewed(_ known: KnownIdentity, _ live: LiveDirectory?) throws(TokenRefusal) -> KnownIdentity
  {
    guard let claims = known.consumer.claims else { throw .subject }
    return try identity(VerifiedToken(claims: claims, expiryUnixSeconds: 0), live)
  }

  /// Whoever the token says that it is of. Throws if there is no name that could be sent on.
  private func anybody(_ token: VerifiedToken) throws(TokenRefusal) -> Consumer {
    let claims = token.claims.root
    let name = try name(claims)
    let groups = words(groupClaim, claims)
    return Consumer(
      index: -1, name: name,
      roles: directory.roles(
        of: RoleDirectory.Caller(
          roles: words(roleClaim, claims), groups: groups, claims: claims)),
      groups: groups,
      isDisabled: false, scopes: token.scopes, claims: token.claims)
  }

  /// The name; empty if the token has none, which it need not (RFC 7519 §4.1.2).
  private func name(_ claims: JSONElement) throws(TokenRefusal) -> String {
    guard let claim = RequiredClaim.find(nameClaim, in: claims) else { return "" }
    guard let bytes = claim.textBytes, let first = bytes.first, let last = bytes.last else {
      throw .subject
    }
    // What a field cannot hold, or would lose at its ends, would be somebody else's name.
    guard bytes.count <= TokenIdentity.nameBytesMax, bytes.allSatisfy(ASCII.isFieldValue),
      first > 0x20, last > 0x20
    else { throw .subject }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func words(_ path: [String]?, _ claims: JSONElement) -> Set<String> {
    guard let path, let claim = RequiredClaim.find(path, in: claims) else { return [] }
    if claim.kind == .array { return Set(claim.elements.compactMap(\.string)) }
    return Set((claim.string ?? "").split(separator: " ").map(String.init))
  }
}
