/// What an administrator is.
public enum AdminRole: String, CaseIterable, Sendable {
  case viewer
  case operations = "operator"
  case security, owner

  /// What the role may do.
  public var permissions: Set<AdminPermission> {
    switch self {
    case .viewer: [.read, .own]
    case .operations: [.read, .own, .consumers, .keys, .revoke, .bans, .cache, .roles, .identity]
    case .security: [.read, .own, .revoke, .bans, .cache, .roles, .audit, .store, .accounts]
    case .owner: Set(AdminPermission.allCases)
    }
  }
}
