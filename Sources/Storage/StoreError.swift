/// Why the store could not do what was asked of it.
public enum StoreError: Error, Hashable, Sendable {
  /// The database cannot be reached or does not answer now; it may later.
  case unavailable(String)
  /// The record is not what the caller took it for: it was changed, or is there, or is not.
  case conflict(kind: String, id: String)
  /// What is stored cannot be read: it was changed by something else, or the key is another's.
  case damaged(String)
  /// The store cannot be used as it is, and the operator has to mend that.
  case unusable(String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(let reason): "the store is not available: \(reason)"
    case .conflict(let kind, let id): "the \(kind) '\(id)' is not as it was taken for"
    case .damaged(let reason): "the store is damaged: \(reason)"
    case .unusable(let reason): reason
    }
  }
}
