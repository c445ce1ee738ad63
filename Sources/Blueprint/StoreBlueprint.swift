public import Formats

/// Where what is changed at run time is kept: consumers, keys, roles, administrators.
public struct StoreBlueprint: Sendable {
  /// The database.
  public enum Database: Sendable {
    /// A file of SQLite; the path is as written.
    case sqlite(Text)
    /// A database of PostgreSQL by its URL, which several gateways may share.
    case postgres(Text)
  }

  /// Where a master key comes from.
  public enum MasterKey: Sendable {
    /// The key itself, from a reference.
    case text(Text)
    /// A file that holds it; the path is as written, and nil stands for one beside the database,
    /// which is made if it is not there.
    case file(Text?)
    /// A key on a token that speaks PKCS #11, by its library and labels, and the user's PIN.
    case token(module: Text, token: Text, key: Text, pin: Text)
  }

  /// The database.
  public var database: Database
  /// What wraps the keys that seal what is stored.
  public var masterKey: MasterKey
  /// Master keys of before: what they wrapped can still be opened.
  public var previousMasterKeys: [Text]
  /// Where the last good state of a shared database is kept; nil for a file beside the
  /// configuration.
  public var snapshotPath: Text?
  /// Where it stands in the file.
  public var position: Position
}
