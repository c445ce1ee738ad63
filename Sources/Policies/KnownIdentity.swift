import PolicyKit

/// What was found out about one credential: who shows it, and what else has to be shown with it.
final class KnownIdentity: Sendable {
  let consumer: Consumer
  /// The key that the sender has to prove to have, every time; nil for a credential that works by
  /// itself.
  let binding: TokenBinding?

  /// Stands for a credential that is known to be refused.
  static var nobody: KnownIdentity {
    KnownIdentity(Consumer(index: -1, name: "", roles: [], groups: [], isDisabled: true))
  }

  init(_ consumer: Consumer, binding: TokenBinding? = nil) {
    self.consumer = consumer
    self.binding = binding
  }
}
