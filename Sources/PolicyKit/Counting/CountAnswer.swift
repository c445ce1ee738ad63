/// What came of asking for a shared count.
public enum CountAnswer: Hashable, Sendable {
  /// `taken` is how many were taken, 0 if the limit is reached; `remaining` how many more would
  /// pass now; `milliseconds` the time until one passes again, or until the limit has recovered.
  case counted(taken: UInt64, remaining: UInt64, milliseconds: UInt64)
  /// The store cannot be asked, or did not answer in time: whether it counted is not known.
  case unknown
}
