/// The kinds of credentials by which callers show who they are.
public struct CredentialKinds: OptionSet, Sendable {
  /// A bit for each kind.
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A key in a field or a parameter.
  public static let key = CredentialKinds(rawValue: 1)
  /// A token of an issuer, or a login at one.
  public static let token = CredentialKinds(rawValue: 2)
  /// A certificate of the connection.
  public static let certificate = CredentialKinds(rawValue: 4)
  /// A name and a password.
  public static let password = CredentialKinds(rawValue: 8)
  /// A signature or a code over the request.
  public static let signature = CredentialKinds(rawValue: 16)
}
