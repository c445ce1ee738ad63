/// What the records of the gateway's own things are called.
public enum StoredKinds {
  /// Somebody who calls.
  public static let consumer = "consumer"
  /// An API key.
  public static let key = "key"
  /// A role.
  public static let role = "role"
  /// A group.
  public static let group = "group"
  /// A session of a browser that ended before its time.
  public static let sessionEnd = "session-end"
  /// Somebody who is kept out for a while.
  public static let ban = "ban"
  /// When a key was used last: a record beside the key's, so that its revision stays.
  public static let keyUse = "key-use"

  // MARK: The identity provider's (decision 70)

  /// A key that tokens are signed with.
  public static let signingKey = "signing-key"
  /// An application that may ask for tokens.
  public static let client = "oauth-client"
  /// Somebody who may sign in.
  public static let user = "user"
  /// An authorization request that is being answered.
  public static let signIn = "sign-in"
  /// An authorization request that a client has pushed.
  public static let pushedRequest = "pushed-request"
  /// An authorization code.
  public static let code = "code"
  /// What follows from one consent: a family of tokens.
  public static let grant = "grant"
  /// A browser in which somebody has signed in.
  public static let browserSession = "browser-session"
  /// What somebody has allowed a client.
  public static let consent = "consent"
  /// An assertion of a client that was used.
  public static let usedAssertion = "used-assertion"
  /// A token, grant or user of which earlier tokens no longer count.
  public static let revocation = "revocation"
  /// A device that waits for its user.
  public static let deviceCode = "device-code"
}
