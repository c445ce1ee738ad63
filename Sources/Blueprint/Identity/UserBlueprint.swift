public import Formats

/// Somebody who may sign in, as the configuration file knows him.
public struct UserBlueprint: Sendable {
  /// What is typed to sign in; unique whatever the case of its letters.
  public var name: String
  /// The Argon2id hash of the password, `$argon2id$…`.
  public var password: String
  /// What people read; nil for none.
  public var fullName: String?
  /// The e-mail address; nil for none.
  public var email: String?
  /// Whether the address is known to be the user's.
  public var isEmailVerified: Bool
  /// What he may do, by the policy `access`.
  public var roles: [String]
  /// What he belongs to.
  public var groups: [String]
  /// Whether he is refused.
  public var isDisabled: Bool
  /// Where it stands in the file.
  public var position: Position
}
