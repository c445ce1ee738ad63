import PolicyKit

/// What was found out about one credential: who shows it, and what else has to be shown with it.
final class KnownIdentity: Sendable {
  let consumer: Consumer
  /// The key that the sender has to prove to have, every time; nil for a credential that works by
  /// itself.
  let binding: TokenBinding?
  /// The groups that the credential itself tells of.
  let groups: Set<String>
  /// The store's consumer that this rests on; nil if it rests on none.
  private let stored: Consumer?

  /// Stands for a credential that is known to be refused.
  static var nobody: KnownIdentity {
    KnownIdentity(Consumer(index: -1, name: "", roles: [], groups: [], isDisabled: true))
  }

  /// `stored` is the store's consumer as it was when this was found out.
  init(
    _ consumer: Consumer, binding: TokenBinding? = nil, groups: Set<String> = [],
    stored: Consumer? = nil
  ) {
    self.consumer = consumer
    self.binding = binding
    self.groups = groups
    self.stored = stored
  }

  /// A credential that is right, for which it is still to be found out whose it is.
  static func unresolved(
    _ consumer: Consumer, binding: TokenBinding? = nil, groups: Set<String> = []
  ) -> KnownIdentity {
    // No directory holds this very object, so it holds in none.
    KnownIdentity(consumer, binding: binding, groups: groups, stored: consumer)
  }

  /// Whether the store still has the consumer as it was: each change makes another object of it.
  @inline(__always)
  func holds(in live: LiveDirectory?) -> Bool {
    guard let stored else { return true }
    return live?.consumer(named: stored.name) === stored
  }
}
