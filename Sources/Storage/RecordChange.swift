/// One change of a record, and what it rests on.
public struct RecordChange: Sendable {
  /// What must be so for the change to be made; otherwise nothing of its batch is.
  public enum Expectation: Hashable, Sendable {
    case anything
    case absent
    case present
    /// The record is there and was written exactly so often.
    case revision(Int)
  }

  /// What becomes of the record.
  public enum Action: Sendable {
    /// It is written, with the values by which it can be found; nil leaves those as they are.
    case put(body: [UInt8], indexes: [IndexValue]?, expires: Int?)
    case remove
    /// It stays as it is: only the expectation counts.
    case keep
  }

  /// The record, what becomes of it, and what must be so.
  public let kind: String
  public let id: String
  public let action: Action
  public let expectation: Expectation

  /// A change.
  public init(
    kind: String, id: String, action: Action, expectation: Expectation = .anything
  ) {
    self.kind = kind
    self.id = id
    self.action = action
    self.expectation = expectation
  }
}
