public import Formats

/// A policy that is made of others, which its settings name.
public protocol CompositePolicy: Policy {
  /// The names of the policies within; names that no policy has may be among them.
  static func parts(of settings: Node) -> [String]
}
