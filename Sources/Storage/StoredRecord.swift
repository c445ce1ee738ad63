/// A record as the database has it: what identifies it in clear, its body sealed.
public struct StoredRecord: Hashable, Sendable {
  /// What kind of thing it is, such as `consumer`.
  public var kind: String
  /// What it is called among those of its kind.
  public var id: String
  /// How often it was written, from 1.
  public var revision: Int
  /// The position of the store at which it was written last.
  public var position: Int
  /// When it ceases to be, in milliseconds since 1970; nil for never.
  public var expires: Int?
  /// The sealed body.
  public var body: [UInt8]
}
