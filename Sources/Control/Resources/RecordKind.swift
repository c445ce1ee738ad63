public import Formats
public import Storage

/// A kind of record of another service that administrators list and change, such as users.
///
/// The service says what the members mean; that changes need the present ETag, leave an entry in
/// the audit log and can be tried without being made is the same for all kinds.
public struct RecordKind: Sendable {
  /// A record that is to be written.
  public struct Draft: Sendable {
    /// What it is called.
    public var id: String
    /// What it says.
    public var body: JSONValue
    /// What it is found by.
    public var indexes: [IndexValue]
    /// What is shown to whoever makes it, and never again.
    public var secrets: [JSONMember]
    /// What has to be written with it.
    public var more: [VaultChange]

    public init(
      id: String, body: JSONValue, indexes: [IndexValue] = [], secrets: [JSONMember] = [],
      more: [VaultChange] = []
    ) {
      self.id = id
      self.body = body
      self.indexes = indexes
      self.secrets = secrets
      self.more = more
    }
  }

  /// What is wrong with what was sent, for whoever sent it.
  public struct Flaw: Error {
    /// In words.
    public let message: String

    public init(_ message: String) { self.message = message }
  }

  /// The kind of the records.
  public let kind: String
  /// One of them, and several, in words and paths.
  public let word, words: String
  /// The members that may be sent, each with its JSON Schema.
  public let members: [JSONMember]
  /// Those of them that a new one must have.
  public let required: [String]
  /// Makes the record from what was sent, over an old one if there is one.
  public let draft: @Sendable (_ sent: JSONObject, _ old: VaultRecord?) throws -> Draft
  /// How a record is shown: without secrets.
  public let shown: @Sendable (_ id: String, _ body: JSONValue) -> JSONValue
  /// What has to be written when one is removed.
  public let removal: @Sendable (_ record: VaultRecord) throws -> [VaultChange]
  /// Those that the configuration file owns, by identifier.
  public let owned: @Sendable () -> Set<String>

  public init(
    kind: String, word: String, words: String, members: [JSONMember], required: [String],
    draft: @escaping @Sendable (_ sent: JSONObject, _ old: VaultRecord?) throws -> Draft,
    shown: @escaping @Sendable (_ id: String, _ body: JSONValue) -> JSONValue,
    removal: @escaping @Sendable (_ record: VaultRecord) throws -> [VaultChange],
    owned: @escaping @Sendable () -> Set<String>
  ) {
    self.kind = kind
    self.word = word
    self.words = words
    self.members = members
    self.required = required
    self.draft = draft
    self.shown = shown
    self.removal = removal
    self.owned = owned
  }
}
