/// A consumer that a policy's settings name: one of the plan, or one of the store, who may come, go
/// and change while the plan runs.
public enum ConsumerReference: Sendable {
  case known(Consumer)
  case stored(name: String)

  /// The consumer as it is now; nil for one that is not there.
  public func consumer(live: LiveDirectory?) -> Consumer? {
    switch self {
    case .known(let consumer): consumer
    case .stored(let name): live?.consumer(named: name)
    }
  }
}
