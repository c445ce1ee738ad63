import Synchronization

/// Keys that were used and whose use the store has not been told of.
public final class KeyUses: Sendable {
  /// More than these are not kept between two looks: the next use tells again.
  private static let countMax = 4096

  private let keys = Mutex<[LiveKey]>([])

  /// None yet.
  public init() {}

  func add(_ key: LiveKey) {
    keys.withLock { if $0.count < KeyUses.countMax { $0.append(key) } }
  }

  /// All of them, which are then forgotten.
  public func take() -> [LiveKey] {
    keys.withLock { keys in
      let taken = keys
      keys = []
      return taken
    }
  }
}
