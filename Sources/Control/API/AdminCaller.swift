/// Who calls the admin API.
public struct AdminCaller: Sendable {
  /// The administrator's name.
  public let name: String
  public let role: AdminRole
  /// What may be done: the role's permissions, as far as the token has them.
  public let permissions: Set<AdminPermission>
  /// The token that was shown.
  public let token: String
  /// Whether this administrator has a second factor.
  let hasSecondFactor: Bool
  /// When the token's owner last showed it, in milliseconds since 1970; nil if he did not.
  let secondFactorAt: Int?

  /// Whether it was shown a short while ago, if there is one to be shown.
  func hasSteppedUp(now: Int) -> Bool {
    guard hasSecondFactor else { return true }
    return secondFactorAt.map { now - $0 < AdminCaller.stepUpMilliseconds } ?? false
  }

  /// How long a second factor stands for what could do great harm.
  private static let stepUpMilliseconds = 15 * 60_000
}
