/// Who calls the admin API.
public struct AdminCaller: Sendable {
  /// The administrator's name.
  public let name: String
  public let role: AdminRole
  /// What may be done: the role's permissions, as far as the token has them.
  public let permissions: Set<AdminPermission>
  /// The token that was shown.
  public let token: String
}
