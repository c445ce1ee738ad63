import Synchronization

/// Objects that outlive a plan, such as the counters of a rate limit, kept by a key.
///
/// A policy asks for its object while a plan is compiled; the plan that follows gets the same one
/// if it asks by the same key, so that a reload resets no limit.
public final class RetainedState: Sendable {
  private let objects = Mutex<[String: any AnyObject & Sendable]>([:])

  public init() {}

  /// The object kept under `key` if it is of this type, else the one that `make` builds.
  public func object<Object: AnyObject & Sendable>(
    _ key: String, _ make: () -> Object
  ) -> Object {
    objects.withLock { held in
      if let found = held[key] as? Object { return found }
      let made = make()
      held[key] = made
      return made
    }
  }

  /// The object kept under `key`, if it is of this type; nil otherwise.
  public func kept<Object: AnyObject & Sendable>(_ key: String, as: Object.Type) -> Object? {
    objects.withLock { $0[key] as? Object }
  }
}
