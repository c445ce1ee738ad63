/// Something that an administrator may do; the words of tokens' scopes.
public enum AdminPermission: String, CaseIterable, Sendable {
  /// Read consumers, keys, roles, groups, services, routes and the state of the store.
  case read
  /// One's own tokens.
  case own
  /// Create, change and remove consumers.
  case consumers
  /// Create and rotate keys, and change what they may be used for.
  case keys
  /// Revoke keys.
  case revoke
  /// Ban addresses and names, and lift bans.
  case bans
  /// Have kept responses forgotten.
  case cache
  /// Create, change and remove roles and groups.
  case roles
  /// Create, change and remove users and clients of the identity provider.
  case identity
  /// Read the audit log.
  case audit
  /// Rotate the master key of the store.
  case store
  /// Read administrators and everybody's tokens.
  case accounts
  /// Create, change and remove administrators, and revoke everybody's tokens.
  case administrators
}
