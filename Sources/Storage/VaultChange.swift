public import Formats

/// A change of a record in clear.
public struct VaultChange: Sendable {
  /// The record.
  public let kind: String
  public let id: String
  /// What it says from now on; nil if it is removed, or only looked at.
  public let body: JSONValue?
  /// Whether nothing is done to it.
  public let isKept: Bool
  /// What it is found by; nil leaves that as it is.
  public let indexes: [IndexValue]?
  /// When it ceases to be, in milliseconds since 1970; nil for never.
  public let expires: Int?
  public let expectation: RecordChange.Expectation

  private init(
    _ kind: String, _ id: String, _ body: JSONValue?, _ indexes: [IndexValue]?, _ expires: Int?,
    _ expectation: RecordChange.Expectation, isKept: Bool = false
  ) {
    self.isKept = isKept
    self.kind = kind
    self.id = id
    self.body = body
    self.indexes = indexes
    self.expires = expires
    self.expectation = expectation
  }

  /// Writes a record.
  public static func put(
    _ kind: String, _ id: String, _ body: JSONValue, indexes: [IndexValue] = [],
    expires: Int? = nil, expecting: RecordChange.Expectation = .anything
  ) -> VaultChange {
    VaultChange(kind, id, body, indexes, expires, expecting)
  }

  /// Writes a record that is there, and that is found by the same as before.
  public static func update(
    _ kind: String, _ id: String, _ body: JSONValue, expires: Int? = nil, revision: Int
  ) -> VaultChange {
    VaultChange(kind, id, body, nil, expires, .revision(revision))
  }

  /// Removes a record.
  public static func remove(
    _ kind: String, _ id: String, expecting: RecordChange.Expectation = .anything
  ) -> VaultChange {
    VaultChange(kind, id, nil, [], nil, expecting)
  }

  /// Has the other changes depend on a record's being there.
  public static func require(_ kind: String, _ id: String) -> VaultChange {
    VaultChange(kind, id, nil, [], nil, .present, isKept: true)
  }
}
