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
  /// When a key was used last: a record beside the key's, so that its revision stays.
  public static let keyUse = "key-use"
}
